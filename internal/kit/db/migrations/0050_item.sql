-- Development plans: what somebody learns by and experiences, agreed between person and line manager.

-- +goose Up
CREATE TABLE learning_item (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    person_key TEXT NOT NULL,
    person_name TEXT NOT NULL,
    unit_id TEXT NOT NULL,       -- where they work
    unit_key TEXT NOT NULL,
    unit_name TEXT NOT NULL,
    what TEXT NOT NULL,
    why TEXT NOT NULL,
    modality TEXT NOT NULL,
    resource_id TEXT NOT NULL,   -- '' for an experience without one
    competency_id TEXT NOT NULL, -- '' for none
    level BIGINT NOT NULL,       -- to which it is to bring somebody
    goal_id TEXT NOT NULL,
    focal_id TEXT NOT NULL,
    theme TEXT NOT NULL,
    due TEXT NOT NULL,
    agreed_person BIGINT NOT NULL,  -- 0 for not yet
    agreed_manager BIGINT NOT NULL,
    manager_name TEXT NOT NULL,
    done TEXT NOT NULL,          -- when the person said so, '' while it is not
    minutes BIGINT NOT NULL,
    came TEXT NOT NULL,
    confirmed TEXT NOT NULL,     -- when the manager confirmed it
    confirmed_by TEXT NOT NULL,
    dropped TEXT NOT NULL,       -- when it was given up
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX learning_item_person ON learning_item (organisation_id, person_id);
CREATE INDEX learning_item_goal ON learning_item (organisation_id, goal_id);

-- What was said of an item on the way.
CREATE TABLE learning_step (
    organisation_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    id TEXT NOT NULL,
    day TEXT NOT NULL,
    evidence BOOLEAN NOT NULL,   -- it shows what somebody can do
    what TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, item_id, id),
    FOREIGN KEY (organisation_id, item_id) REFERENCES learning_item
);

-- +goose Down
DROP TABLE learning_step;
DROP TABLE learning_item;
