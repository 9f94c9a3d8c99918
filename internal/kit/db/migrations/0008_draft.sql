-- Answers that were saved and not sent yet, sealed with the secret of their link, which is nowhere here. Deleted when they
-- are sent, and at closing.

-- +goose Up
CREATE TABLE diagnosis_draft (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, diagnosis_id, secret_hash),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);

-- +goose Down
DROP TABLE diagnosis_draft;
