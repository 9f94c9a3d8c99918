-- What people can have and roles require: frameworks of competencies, roles with their models of performance, ratings.

-- +goose Up
CREATE TABLE learning_framework (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    version TEXT NOT NULL,
    language TEXT NOT NULL,
    note TEXT NOT NULL,
    levels TEXT NOT NULL,        -- JSON, the lowest first
    ended TEXT NOT NULL,         -- day, '' while it is used
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE UNIQUE INDEX learning_framework_name ON learning_framework (organisation_id, name);

CREATE TABLE learning_competency (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    framework_id TEXT NOT NULL,
    key TEXT NOT NULL,           -- under which its source knows it
    uri TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    note TEXT NOT NULL,
    alternatives TEXT NOT NULL,  -- other names, one a line
    parent_id TEXT NOT NULL,     -- '' for none
    words TEXT NOT NULL,         -- as search looks at it
    ended TEXT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, framework_id) REFERENCES learning_framework
);
CREATE UNIQUE INDEX learning_competency_key ON learning_competency (organisation_id, framework_id, key);
CREATE INDEX learning_competency_name ON learning_competency (organisation_id, name, id);
CREATE INDEX learning_competency_parent ON learning_competency (organisation_id, parent_id);

CREATE TABLE learning_role (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    note TEXT NOT NULL,
    uri TEXT NOT NULL,
    levels TEXT NOT NULL,        -- JSON: of the roster, by which somebody has it
    attribute TEXT NOT NULL,     -- of the roster, '' for none
    attribute_values TEXT NOT NULL, -- JSON
    ended TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE UNIQUE INDEX learning_role_key ON learning_role (organisation_id, key);

CREATE TABLE learning_requirement (
    organisation_id TEXT NOT NULL,
    role_id TEXT NOT NULL,
    competency_id TEXT NOT NULL,
    level BIGINT NOT NULL,
    essential BOOLEAN NOT NULL,
    PRIMARY KEY (organisation_id, role_id, competency_id),
    FOREIGN KEY (organisation_id, role_id) REFERENCES learning_role,
    FOREIGN KEY (organisation_id, competency_id) REFERENCES learning_competency
);
CREATE INDEX learning_requirement_competency ON learning_requirement (organisation_id, competency_id);

-- The performance model of a role: what good performance produces.
CREATE TABLE learning_result (
    organisation_id TEXT NOT NULL,
    role_id TEXT NOT NULL,
    id TEXT NOT NULL,
    place BIGINT NOT NULL,
    what TEXT NOT NULL,
    good TEXT NOT NULL,
    indicator_id TEXT NOT NULL,  -- '' for none
    competencies TEXT NOT NULL,  -- JSON: ids
    PRIMARY KEY (organisation_id, role_id, id),
    FOREIGN KEY (organisation_id, role_id) REFERENCES learning_role
);

-- Who has a role though no rule says so.
CREATE TABLE learning_holder (
    organisation_id TEXT NOT NULL,
    role_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    person_key TEXT NOT NULL,
    person_name TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, role_id, person_id),
    FOREIGN KEY (organisation_id, role_id) REFERENCES learning_role
);
CREATE INDEX learning_holder_person ON learning_holder (organisation_id, person_id);

CREATE TABLE learning_rating (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    competency_id TEXT NOT NULL,
    level BIGINT NOT NULL,       -- 0: does not have it
    rated_by TEXT NOT NULL,      -- self, manager, assessment, evidence
    day TEXT NOT NULL,
    note TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, competency_id) REFERENCES learning_competency
);
CREATE INDEX learning_rating_person ON learning_rating (organisation_id, person_id, competency_id);

CREATE TABLE learning_setting (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    newest BOOLEAN NOT NULL,     -- the newest rating counts, whoever gave it
    months BIGINT NOT NULL,      -- for which a rating counts; 0 for ever
    PRIMARY KEY (organisation_id)
);

-- +goose Down
DROP TABLE learning_setting;
DROP TABLE learning_rating;
DROP TABLE learning_holder;
DROP TABLE learning_result;
DROP TABLE learning_requirement;
DROP TABLE learning_role;
DROP TABLE learning_competency;
DROP TABLE learning_framework;
