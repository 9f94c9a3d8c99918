-- A link that all people of a unit have, and those of the units under it. Each of them has an invitation without a link
-- of its own: no more answers come by the link than there are.

-- +goose Up
CREATE TABLE diagnosis_shared (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    id TEXT NOT NULL,            -- random
    unit_id TEXT NOT NULL,
    unit TEXT NOT NULL,          -- its name
    combination INTEGER NOT NULL,
    secret_hash TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    people BIGINT NOT NULL,      -- how many have it
    answered BIGINT NOT NULL,    -- how many answers have come by it
    PRIMARY KEY (organisation_id, diagnosis_id, id),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);
CREATE INDEX diagnosis_shared_secret ON diagnosis_shared (secret_hash);
CREATE INDEX diagnosis_shared_code ON diagnosis_shared (code_hash);
ALTER TABLE diagnosis_invitation ADD COLUMN shared_id TEXT NOT NULL DEFAULT ''; -- '' for a personal link

-- +goose Down
ALTER TABLE diagnosis_invitation DROP COLUMN shared_id;
DROP TABLE diagnosis_shared;
