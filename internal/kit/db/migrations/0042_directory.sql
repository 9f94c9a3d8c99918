-- What a directory has said of people by SCIM. Who they are and where they work stands in the roster.

-- +goose Up
CREATE TABLE org_directory (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,            -- of the person
    user_name TEXT NOT NULL,     -- in lower case
    external_id TEXT NOT NULL,
    record TEXT NOT NULL,        -- JSON
    active BOOLEAN NOT NULL,
    made_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE UNIQUE INDEX org_directory_name ON org_directory (organisation_id, user_name);
CREATE INDEX org_directory_external ON org_directory (organisation_id, external_id);
CREATE INDEX org_person_mail ON org_person (organisation_id, mail);

ALTER TABLE org_import ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0; -- when a directory last changed what it holds; 0 for a file
ALTER TABLE org_account ADD COLUMN closed_by_directory BOOLEAN NOT NULL DEFAULT FALSE; -- until the person is active again

-- +goose Down
ALTER TABLE org_account DROP COLUMN closed_by_directory;
ALTER TABLE org_import DROP COLUMN changed_at;
DROP INDEX org_person_mail;
DROP TABLE org_directory;
