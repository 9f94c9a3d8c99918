-- Who sees a published set, and who has seen it.

-- +goose Up
ALTER TABLE diagnosis_diagnosis ADD COLUMN released TEXT NOT NULL DEFAULT ''; -- '': to those who lead diagnoses; 'executives', 'managers', 'everyone': to them too
UPDATE diagnosis_diagnosis SET released = 'managers' WHERE state = 'closed';  -- as it was
CREATE TABLE diagnosis_view (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    page TEXT NOT NULL,
    hour BIGINT NOT NULL,      -- in which it was seen: its first microsecond
    name TEXT NOT NULL,        -- of the account
    PRIMARY KEY (organisation_id, diagnosis_id, account_id, page, hour),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);

-- +goose Down
DROP TABLE diagnosis_view;
ALTER TABLE diagnosis_diagnosis DROP COLUMN released;
