-- An invitation keeps how the roster called its person when it was made, so that a later import, or one that is taken
-- back, loses nobody's link. Forgotten at closing. mail, until now the corrected address, is from now on the only one.

-- +goose Up
ALTER TABLE diagnosis_invitation ADD COLUMN key TEXT NOT NULL DEFAULT '';
ALTER TABLE diagnosis_invitation ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE diagnosis_invitation ADD COLUMN folded TEXT NOT NULL DEFAULT ''; -- key and name in lower case, for search
ALTER TABLE diagnosis_invitation ADD COLUMN unit_id TEXT NOT NULL DEFAULT '';
ALTER TABLE diagnosis_invitation ADD COLUMN unit TEXT NOT NULL DEFAULT '';
ALTER TABLE diagnosis_invitation ADD COLUMN language TEXT NOT NULL DEFAULT ''; -- '' for the organisation's
UPDATE diagnosis_invitation SET
    key = COALESCE((SELECT p.key FROM org_person p JOIN diagnosis_diagnosis d ON d.organisation_id = p.organisation_id
        WHERE p.organisation_id = diagnosis_invitation.organisation_id AND p.id = person_id
        AND d.id = diagnosis_id AND d.state = 'open' AND p.since <= d.roster_day AND p.until > d.roster_day), ''),
    name = COALESCE((SELECT p.name FROM org_person p JOIN diagnosis_diagnosis d ON d.organisation_id = p.organisation_id
        WHERE p.organisation_id = diagnosis_invitation.organisation_id AND p.id = person_id
        AND d.id = diagnosis_id AND d.state = 'open' AND p.since <= d.roster_day AND p.until > d.roster_day), ''),
    folded = COALESCE((SELECT p.folded FROM org_person p JOIN diagnosis_diagnosis d ON d.organisation_id = p.organisation_id
        WHERE p.organisation_id = diagnosis_invitation.organisation_id AND p.id = person_id
        AND d.id = diagnosis_id AND d.state = 'open' AND p.since <= d.roster_day AND p.until > d.roster_day), ''),
    unit_id = COALESCE((SELECT p.unit_id FROM org_person p JOIN diagnosis_diagnosis d ON d.organisation_id = p.organisation_id
        WHERE p.organisation_id = diagnosis_invitation.organisation_id AND p.id = person_id
        AND d.id = diagnosis_id AND d.state = 'open' AND p.since <= d.roster_day AND p.until > d.roster_day), ''),
    mail = CASE WHEN mail <> '' THEN mail ELSE COALESCE((SELECT p.mail FROM org_person p JOIN diagnosis_diagnosis d ON d.organisation_id = p.organisation_id
        WHERE p.organisation_id = diagnosis_invitation.organisation_id AND p.id = person_id
        AND d.id = diagnosis_id AND d.state = 'open' AND p.since <= d.roster_day AND p.until > d.roster_day), '') END;
UPDATE diagnosis_invitation SET unit = COALESCE((SELECT u.name FROM org_unit u JOIN diagnosis_diagnosis d ON d.organisation_id = u.organisation_id
    WHERE u.organisation_id = diagnosis_invitation.organisation_id AND u.id = unit_id
    AND d.id = diagnosis_id AND u.since <= d.roster_day AND u.until > d.roster_day), '');
CREATE INDEX diagnosis_invitation_unit ON diagnosis_invitation (organisation_id, diagnosis_id, unit_id);
CREATE INDEX diagnosis_invitation_name ON diagnosis_invitation (organisation_id, diagnosis_id, name, key);
CREATE INDEX diagnosis_invitation_combination ON diagnosis_invitation (organisation_id, diagnosis_id, combination);

-- +goose Down
DROP INDEX diagnosis_invitation_combination;
DROP INDEX diagnosis_invitation_name;
DROP INDEX diagnosis_invitation_unit;
ALTER TABLE diagnosis_invitation DROP COLUMN language;
ALTER TABLE diagnosis_invitation DROP COLUMN unit;
ALTER TABLE diagnosis_invitation DROP COLUMN unit_id;
ALTER TABLE diagnosis_invitation DROP COLUMN folded;
ALTER TABLE diagnosis_invitation DROP COLUMN name;
ALTER TABLE diagnosis_invitation DROP COLUMN key;
