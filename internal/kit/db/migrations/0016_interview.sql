-- Interviews after a diagnosis, and notes of what was said, coded to characteristics.

-- +goose Up
CREATE TABLE diagnosis_interview (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    id TEXT NOT NULL,
    day TEXT NOT NULL,
    level TEXT NOT NULL,       -- of who was interviewed; who it was is not kept
    place TEXT NOT NULL,
    account_id TEXT NOT NULL,  -- who held it
    held_by TEXT NOT NULL,     -- that account's name
    shared BOOLEAN NOT NULL,
    PRIMARY KEY (organisation_id, diagnosis_id, id),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);
CREATE TABLE diagnosis_note (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    interview_id TEXT NOT NULL,
    id TEXT NOT NULL,          -- random: quotes are shown in its order
    items TEXT NOT NULL,       -- JSON: ids of characteristics
    text TEXT NOT NULL,
    quote BOOLEAN NOT NULL,    -- own words, which may be shown without a name
    PRIMARY KEY (organisation_id, diagnosis_id, interview_id, id),
    FOREIGN KEY (organisation_id, diagnosis_id, interview_id) REFERENCES diagnosis_interview
);

-- +goose Down
DROP TABLE diagnosis_note;
DROP TABLE diagnosis_interview;
