-- The ledger of what was done. An entry belongs to what it was written from (a session, a form), which can write it anew.

-- +goose Up
CREATE TABLE effort_entry (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    day TEXT NOT NULL,
    kind TEXT NOT NULL,          -- learning, or one of the other solutions
    what TEXT NOT NULL,
    source TEXT NOT NULL,        -- session, coaching, action
    source_id TEXT NOT NULL,
    external BOOLEAN NOT NULL,   -- run by somebody outside
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX effort_entry_source ON effort_entry (organisation_id, source, source_id);
CREATE INDEX effort_entry_day ON effort_entry (organisation_id, day);

-- Whose hours: of people by their id, each in the unit in which they worked; or of a unit, with nobody named.
CREATE TABLE effort_hours (
    organisation_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    side TEXT NOT NULL,          -- participant, staff
    unit_id TEXT NOT NULL,
    person_id TEXT NOT NULL,     -- '' for nobody named
    minutes BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, entry_id, side, unit_id, person_id),
    FOREIGN KEY (organisation_id, entry_id) REFERENCES effort_entry ON DELETE CASCADE
);

CREATE TABLE effort_cost (
    organisation_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    kind TEXT NOT NULL,          -- internal, supplier, tuition
    currency TEXT NOT NULL,      -- ISO 4217
    amount BIGINT NOT NULL,      -- in its smallest unit
    PRIMARY KEY (organisation_id, entry_id, kind, currency),
    FOREIGN KEY (organisation_id, entry_id) REFERENCES effort_entry ON DELETE CASCADE
);

CREATE TABLE effort_serves (
    organisation_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    kind TEXT NOT NULL,          -- programme, focal, characteristic
    target_id TEXT NOT NULL,
    PRIMARY KEY (organisation_id, entry_id, kind, target_id),
    FOREIGN KEY (organisation_id, entry_id) REFERENCES effort_entry ON DELETE CASCADE
);
CREATE INDEX effort_serves_target ON effort_serves (organisation_id, kind, target_id);

-- +goose Down
DROP TABLE effort_serves;
DROP TABLE effort_cost;
DROP TABLE effort_hours;
DROP TABLE effort_entry;
