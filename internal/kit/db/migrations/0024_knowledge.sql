-- What an organisation has written itself about a characteristic, in place of what the program brings.

-- +goose Up
CREATE TABLE diagnosis_knowledge (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    instrument TEXT NOT NULL,    -- the id in its file, of any version
    item TEXT NOT NULL,
    language TEXT NOT NULL,
    body TEXT NOT NULL,          -- JSON
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (organisation_id, instrument, item, language)
);

-- +goose Down
DROP TABLE diagnosis_knowledge;
