-- Diagnoses. Who was asked stands in diagnosis_invitation, what was answered in diagnosis_response; no column, hash or
-- order joins the two, only the secret of a personal link does, and that is nowhere in the database.

-- +goose Up
CREATE TABLE diagnosis_instrument (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    source TEXT NOT NULL, -- the YAML file as it was handed in
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE diagnosis_diagnosis (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    instrument_id TEXT NOT NULL, -- '' for the shipped one
    source TEXT NOT NULL,        -- the instrument, frozen at opening; '' before
    roster_day TEXT NOT NULL,
    opens_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL,
    setup TEXT NOT NULL,         -- JSON: minimum, attributes, crossings
    layout TEXT NOT NULL,        -- JSON, frozen at opening; '' before
    state TEXT NOT NULL,         -- draft, open, closed
    made_at BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE diagnosis_invitation (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    id TEXT NOT NULL,            -- random
    person_id TEXT NOT NULL,
    combination INTEGER NOT NULL,
    secret_hash TEXT NOT NULL,
    answered BOOLEAN NOT NULL,   -- for reminders; forgotten at closing
    PRIMARY KEY (organisation_id, diagnosis_id, id),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);
CREATE UNIQUE INDEX diagnosis_invitation_person ON diagnosis_invitation (organisation_id, diagnosis_id, person_id);
CREATE INDEX diagnosis_invitation_secret ON diagnosis_invitation (secret_hash);

CREATE TABLE diagnosis_response (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    id TEXT NOT NULL,            -- random
    spent_hash TEXT NOT NULL,
    combination INTEGER NOT NULL,
    answers BYTEA NOT NULL,      -- a byte per item
    PRIMARY KEY (organisation_id, diagnosis_id, id),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);
CREATE UNIQUE INDEX diagnosis_response_spent ON diagnosis_response (organisation_id, diagnosis_id, spent_hash);

-- The published set: written once, when the diagnosis closes.
CREATE TABLE diagnosis_report (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    body BYTEA NOT NULL,         -- JSON in gzip
    PRIMARY KEY (organisation_id, diagnosis_id),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);

-- +goose Down
DROP TABLE diagnosis_report;
DROP TABLE diagnosis_response;
DROP TABLE diagnosis_invitation;
DROP TABLE diagnosis_diagnosis;
DROP TABLE diagnosis_instrument;
