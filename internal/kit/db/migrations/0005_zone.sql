-- The time zone of an organisation: its opening and closing times, and what the record says, are of its clock.

-- +goose Up
ALTER TABLE org_organisation ADD COLUMN zone TEXT NOT NULL DEFAULT 'UTC';

-- +goose Down
ALTER TABLE org_organisation DROP COLUMN zone;
