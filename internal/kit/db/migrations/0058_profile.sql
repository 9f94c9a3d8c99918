-- The profile of a high-performance learning organisation.

-- +goose Up
CREATE TABLE impact_definition (
    organisation_id TEXT NOT NULL PRIMARY KEY,
    file TEXT NOT NULL,      -- YAML, in place of the shipped one
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL
);

CREATE TABLE impact_profile (
    organisation_id TEXT NOT NULL,
    day TEXT NOT NULL,
    scores TEXT NOT NULL,    -- JSON: by part its score, and the values of its measures
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, day)
);

CREATE TABLE impact_evidence (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    part TEXT NOT NULL,
    what TEXT NOT NULL,
    link TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    owner_key TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    day TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE impact_view (
    organisation_id TEXT NOT NULL,
    part TEXT NOT NULL,
    account_id TEXT NOT NULL, -- whose
    name TEXT NOT NULL,
    score BIGINT NOT NULL,
    note TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, part, account_id)
);

-- +goose Down
DROP TABLE impact_view;
DROP TABLE impact_evidence;
DROP TABLE impact_profile;
DROP TABLE impact_definition;
