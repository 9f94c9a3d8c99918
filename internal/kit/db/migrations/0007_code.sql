-- The printed code of an invitation, for people without mail; '' once the diagnosis is closed.

-- +goose Up
ALTER TABLE diagnosis_invitation ADD COLUMN code_hash TEXT NOT NULL DEFAULT '';
CREATE INDEX diagnosis_invitation_code ON diagnosis_invitation (code_hash);

-- +goose Down
DROP INDEX diagnosis_invitation_code;
ALTER TABLE diagnosis_invitation DROP COLUMN code_hash;
