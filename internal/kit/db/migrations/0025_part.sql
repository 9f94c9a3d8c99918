-- A diagnosis can be of a unit and all under it alone, and is led by somebody of the roster.

-- +goose Up
ALTER TABLE diagnosis_diagnosis ADD COLUMN within TEXT NOT NULL DEFAULT '';    -- ids of units from the root down to its own, with '/' between; '' for the whole
ALTER TABLE diagnosis_diagnosis ADD COLUMN part TEXT NOT NULL DEFAULT '';      -- name of the unit
ALTER TABLE diagnosis_diagnosis ADD COLUMN opened_by TEXT NOT NULL DEFAULT ''; -- key of a person, '' for nobody on the roster
ALTER TABLE diagnosis_diagnosis ADD COLUMN closed_by TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE diagnosis_diagnosis DROP COLUMN closed_by;
ALTER TABLE diagnosis_diagnosis DROP COLUMN opened_by;
ALTER TABLE diagnosis_diagnosis DROP COLUMN part;
ALTER TABLE diagnosis_diagnosis DROP COLUMN within;
