-- Answers of two diagnoses that one person gave, where the person kept a code and typed it in again. In every answer stand
-- two values, made of the code with a key that is not in the database; random ones where there is no code.

-- +goose Up
ALTER TABLE diagnosis_response ADD COLUMN link TEXT NOT NULL DEFAULT '';     -- kept until the next diagnosis closes
ALTER TABLE diagnosis_response ADD COLUMN earlier TEXT NOT NULL DEFAULT '';  -- sealed: the link in the diagnosis before; until closing
ALTER TABLE diagnosis_diagnosis ADD COLUMN predecessor TEXT NOT NULL DEFAULT ''; -- the diagnosis before, of the same wording; '' for none

-- +goose Down
ALTER TABLE diagnosis_diagnosis DROP COLUMN predecessor;
ALTER TABLE diagnosis_response DROP COLUMN earlier;
ALTER TABLE diagnosis_response DROP COLUMN link;
