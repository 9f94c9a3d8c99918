-- Roster files between being handed in and being imported: they wait for a map and a confirmation, a day at most.

-- +goose Up
CREATE TABLE org_upload (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    day TEXT NOT NULL,
    map TEXT NOT NULL, -- JSON: which column is what
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX org_upload_age ON org_upload (made_at);

-- A file lies in parts, so that a large one never stands in memory whole.
CREATE TABLE org_upload_part (
    organisation_id TEXT NOT NULL,
    upload_id TEXT NOT NULL,
    file BIGINT NOT NULL, -- from 0
    part BIGINT NOT NULL, -- from 0
    name TEXT NOT NULL,   -- of the file
    body BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, upload_id, file, part),
    FOREIGN KEY (organisation_id, upload_id) REFERENCES org_upload
);

-- +goose Down
DROP TABLE org_upload_part;
DROP TABLE org_upload;
