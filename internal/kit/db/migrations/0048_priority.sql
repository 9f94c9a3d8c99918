-- The learning strategy: what each unit does in a year so that a goal is reached, who has signed it, and the meetings about it.

-- +goose Up
CREATE TABLE learning_priority (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    unit_key TEXT NOT NULL,
    unit_name TEXT NOT NULL,
    year BIGINT NOT NULL,
    name TEXT NOT NULL,
    why TEXT NOT NULL,
    goal_id TEXT NOT NULL,
    competencies TEXT NOT NULL,  -- JSON: ids
    resources TEXT NOT NULL,     -- JSON: ids
    solutions TEXT NOT NULL,     -- JSON: kinds and what they are
    hours BIGINT NOT NULL,       -- of participants, that are planned; 0 where it is not said
    budget BIGINT NOT NULL,      -- in the currency's smallest unit
    currency TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    owner_key TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    learning_by TEXT NOT NULL,   -- who signed for the learning function
    learning_at BIGINT NOT NULL, -- 0 for nobody
    learning_goal TEXT NOT NULL, -- what the goal said then, as a digest
    head_by TEXT NOT NULL,       -- and for the unit
    head_at BIGINT NOT NULL,
    head_goal TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX learning_priority_unit ON learning_priority (organisation_id, year, unit_id);

CREATE TABLE learning_review (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    unit_key TEXT NOT NULL,
    unit_name TEXT NOT NULL,
    year BIGINT NOT NULL,
    day TEXT NOT NULL,
    with_whom TEXT NOT NULL,
    decisions TEXT NOT NULL,     -- one a line
    minutes TEXT NOT NULL,
    next TEXT NOT NULL,          -- when the plan is looked at again, '' for no day
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX learning_review_unit ON learning_review (organisation_id, year, unit_id, day);

-- +goose Down
DROP TABLE learning_review;
DROP TABLE learning_priority;
