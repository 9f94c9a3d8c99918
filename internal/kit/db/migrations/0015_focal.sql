-- Focal points of a diagnosis, the workshop that chooses them, and its votes.

-- +goose Up
CREATE TABLE diagnosis_focal (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    id TEXT NOT NULL,
    theme TEXT NOT NULL,
    wording TEXT NOT NULL,
    items TEXT NOT NULL,           -- JSON: ids of characteristics
    owner_id TEXT NOT NULL,        -- a person's; '' for nobody yet
    owner TEXT NOT NULL,           -- that person's name
    promise DOUBLE PRECISION NOT NULL, -- points; 0 for none
    recommendations TEXT NOT NULL, -- JSON
    PRIMARY KEY (organisation_id, diagnosis_id, id),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);
CREATE TABLE diagnosis_workshop (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    day TEXT NOT NULL,
    present TEXT NOT NULL,
    notes TEXT NOT NULL,
    voters BIGINT NOT NULL,        -- how many ballots are taken
    voting BOOLEAN NOT NULL,
    code TEXT NOT NULL,            -- random: of the address at which ballots are given
    decided_at BIGINT NOT NULL,    -- 0: not yet
    decided_by TEXT NOT NULL,
    PRIMARY KEY (organisation_id, diagnosis_id),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);
CREATE INDEX diagnosis_workshop_code ON diagnosis_workshop (code);
CREATE TABLE diagnosis_ballot (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    id TEXT NOT NULL,              -- a hash of what the voter's browser has
    items TEXT NOT NULL,           -- JSON: ids of characteristics
    PRIMARY KEY (organisation_id, diagnosis_id, id),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);

-- +goose Down
DROP TABLE diagnosis_ballot;
DROP TABLE diagnosis_workshop;
DROP TABLE diagnosis_focal;
