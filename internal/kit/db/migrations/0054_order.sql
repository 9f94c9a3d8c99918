-- How it was decided where an initiative begins first.

-- +goose Up
ALTER TABLE effort_initiative ADD COLUMN ordered TEXT NOT NULL DEFAULT '';  -- lot, need, convenience; '' for not said
ALTER TABLE effort_initiative ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE effort_initiative ADD COLUMN decided TEXT NOT NULL DEFAULT ''; -- day

-- +goose Down
ALTER TABLE effort_initiative DROP COLUMN decided;
ALTER TABLE effort_initiative DROP COLUMN reason;
ALTER TABLE effort_initiative DROP COLUMN ordered;
