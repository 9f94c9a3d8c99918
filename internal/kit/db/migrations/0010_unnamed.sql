-- Whether answers that name nobody were imported: from then on nobody else's are taken, or somebody could count twice.

-- +goose Up
ALTER TABLE diagnosis_diagnosis ADD COLUMN unnamed BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
ALTER TABLE diagnosis_diagnosis DROP COLUMN unnamed;
