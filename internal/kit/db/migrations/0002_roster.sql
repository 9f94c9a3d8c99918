-- The organisation through time. A row is one version of a unit, a person, ...: it holds from the day since, up to and
-- without the day until ('9999-12-31' while it is the present one). An import opens and closes versions; taking it back
-- deletes what it opened and reopens what it closed. An id stays with its unit or person through all versions.

-- +goose Up
CREATE TABLE org_import (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    day TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    source TEXT NOT NULL, -- names of the files
    map TEXT NOT NULL,    -- JSON: which column was what
    counts TEXT NOT NULL, -- JSON: how much was added, changed, moved, left
    taken_back_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE org_unit (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    closed_by TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL, -- lower case, for search
    parent_id TEXT NOT NULL, -- '' for the root
    PRIMARY KEY (organisation_id, id, opened_by),
    FOREIGN KEY (organisation_id, opened_by) REFERENCES org_import
);
CREATE UNIQUE INDEX org_unit_key ON org_unit (organisation_id, key, opened_by);

CREATE TABLE org_location (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    closed_by TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    PRIMARY KEY (organisation_id, id, opened_by),
    FOREIGN KEY (organisation_id, opened_by) REFERENCES org_import
);
CREATE UNIQUE INDEX org_location_name ON org_location (organisation_id, name, opened_by);

CREATE TABLE org_partner (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    closed_by TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (organisation_id, id, opened_by),
    FOREIGN KEY (organisation_id, opened_by) REFERENCES org_import
);
CREATE UNIQUE INDEX org_partner_name ON org_partner (organisation_id, name, opened_by);

CREATE TABLE org_person (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    closed_by TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    mail TEXT NOT NULL,
    folded TEXT NOT NULL, -- key, name and mail in lower case, for search
    unit_id TEXT NOT NULL,
    location_id TEXT NOT NULL, -- '' for none, like partner_id
    partner_id TEXT NOT NULL,
    level TEXT NOT NULL,
    manager_key TEXT NOT NULL,
    start_day TEXT NOT NULL, -- '' where none is stated, like end_day
    end_day TEXT NOT NULL,
    fte DOUBLE PRECISION NOT NULL,
    attributes TEXT NOT NULL, -- JSON: name to value
    PRIMARY KEY (organisation_id, id, opened_by),
    FOREIGN KEY (organisation_id, opened_by) REFERENCES org_import
);
CREATE UNIQUE INDEX org_person_key ON org_person (organisation_id, key, opened_by);
-- Each holds all that a headcount needs.
CREATE INDEX org_person_unit ON org_person (organisation_id, unit_id, since, until, start_day, end_day, fte);
CREATE INDEX org_person_location ON org_person (organisation_id, location_id, since, until, start_day, end_day, fte);

-- People who are counted and not named.
CREATE TABLE org_staff (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    closed_by TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    grade TEXT NOT NULL,
    job TEXT NOT NULL,
    location_id TEXT NOT NULL,
    fte DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (organisation_id, id, opened_by),
    FOREIGN KEY (organisation_id, opened_by) REFERENCES org_import
);
CREATE INDEX org_staff_unit ON org_staff (organisation_id, unit_id, id);

CREATE TABLE org_team (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    closed_by TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    name TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    PRIMARY KEY (organisation_id, id, opened_by),
    FOREIGN KEY (organisation_id, opened_by) REFERENCES org_import
);
CREATE UNIQUE INDEX org_team_name ON org_team (organisation_id, name, opened_by);

-- Members belong to one version of their team.
CREATE TABLE org_team_member (
    organisation_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    person_key TEXT NOT NULL,
    chair BOOLEAN NOT NULL,
    PRIMARY KEY (organisation_id, team_id, opened_by, person_key),
    FOREIGN KEY (organisation_id, team_id, opened_by) REFERENCES org_team
);

-- The people of an import that is under way; empty between imports. Its row 0 is what a second import at the same time
-- waits for.
CREATE TABLE org_stage (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id BIGINT NOT NULL,
    key TEXT NOT NULL,
    manager_key TEXT NOT NULL,
    file TEXT NOT NULL,
    line BIGINT NOT NULL,
    record TEXT NOT NULL, -- JSON
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX org_stage_key ON org_stage (organisation_id, key, id);

-- +goose Down
DROP TABLE org_stage;
DROP TABLE org_team_member;
DROP TABLE org_team;
DROP TABLE org_staff;
DROP TABLE org_person;
DROP TABLE org_partner;
DROP TABLE org_location;
DROP TABLE org_unit;
DROP TABLE org_import;
