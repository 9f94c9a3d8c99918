-- Goals of units and people, how they serve each other, and what is said of them on the way.

-- +goose Up
CREATE TABLE strategy_goal (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    unit_id TEXT NOT NULL,       -- whose it is, or where the person works
    unit_key TEXT NOT NULL,
    unit_name TEXT NOT NULL,
    person_id TEXT NOT NULL,     -- '' for a goal of the unit
    person_key TEXT NOT NULL,
    person_name TEXT NOT NULL,
    name TEXT NOT NULL,
    why TEXT NOT NULL,
    perspective TEXT NOT NULL,
    begins TEXT NOT NULL,
    ends TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    owner_key TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    indicator_id TEXT NOT NULL,  -- '' for none
    baseline DOUBLE PRECISION,
    aim DOUBLE PRECISION,
    high DOUBLE PRECISION,
    weight BIGINT NOT NULL,      -- per cent, 0 for not said
    agreed_person BIGINT NOT NULL, -- when the person said yes, 0 for not yet
    agreed_manager BIGINT NOT NULL,
    manager_name TEXT NOT NULL,
    ended TEXT NOT NULL,         -- day, '' while it is worked on
    outcome TEXT NOT NULL,
    came TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX strategy_goal_unit ON strategy_goal (organisation_id, unit_id, person_id);
CREATE INDEX strategy_goal_person ON strategy_goal (organisation_id, person_id);
CREATE INDEX strategy_goal_key ON strategy_goal (organisation_id, person_key);

CREATE TABLE strategy_link (
    organisation_id TEXT NOT NULL,
    goal_id TEXT NOT NULL,
    to_id TEXT NOT NULL,         -- the goal that it serves, or leads to
    place BIGINT NOT NULL,       -- the first is the one that a line of sight follows
    how TEXT NOT NULL,           -- identical, contributes, supports, leads-to
    because TEXT NOT NULL,
    PRIMARY KEY (organisation_id, goal_id, to_id),
    FOREIGN KEY (organisation_id, goal_id) REFERENCES strategy_goal,
    FOREIGN KEY (organisation_id, to_id) REFERENCES strategy_goal
);
CREATE INDEX strategy_link_to ON strategy_link (organisation_id, to_id, goal_id);

CREATE TABLE strategy_objective (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    goal_id TEXT NOT NULL,
    place BIGINT NOT NULL,
    what TEXT NOT NULL,          -- to be learned
    done TEXT NOT NULL,          -- day, '' for not yet
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, goal_id) REFERENCES strategy_goal
);
CREATE INDEX strategy_objective_goal ON strategy_objective (organisation_id, goal_id);

CREATE TABLE strategy_checkin (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    goal_id TEXT NOT NULL,
    day TEXT NOT NULL,
    pace TEXT NOT NULL,          -- on-track, slower, stuck
    what TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, goal_id) REFERENCES strategy_goal
);
CREATE INDEX strategy_checkin_goal ON strategy_checkin (organisation_id, goal_id, id);

-- Who reports to whom.
CREATE INDEX org_person_manager ON org_person (organisation_id, manager_key, since, until);

-- +goose Down
DROP INDEX org_person_manager;
DROP TABLE strategy_checkin;
DROP TABLE strategy_objective;
DROP TABLE strategy_link;
DROP TABLE strategy_goal;
