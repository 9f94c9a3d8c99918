-- Whether an answer came after the first reminder: one bit, where as many as the smallest group that is shown answered
-- before and as many were left to remind. Forgotten at closing.

-- +goose Up
ALTER TABLE diagnosis_response ADD COLUMN late BOOLEAN NOT NULL DEFAULT FALSE;
CREATE TABLE diagnosis_reminded (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    combination INTEGER NOT NULL, -- whose answers carry the bit
    PRIMARY KEY (organisation_id, diagnosis_id, combination),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);

-- +goose Down
DROP TABLE diagnosis_reminded;
ALTER TABLE diagnosis_response DROP COLUMN late;
