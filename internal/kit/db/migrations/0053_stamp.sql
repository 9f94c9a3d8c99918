-- By what is kept added up is told apart from what was kept there before, and who typed an entry.

-- +goose Up
ALTER TABLE effort_tally ADD COLUMN stamp TEXT NOT NULL DEFAULT '';
ALTER TABLE effort_entry ADD COLUMN account TEXT NOT NULL DEFAULT ''; -- id of who typed it, '' for nobody

-- +goose Down
ALTER TABLE effort_entry DROP COLUMN account;
ALTER TABLE effort_tally DROP COLUMN stamp;
