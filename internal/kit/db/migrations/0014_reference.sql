-- Reference lines: what others score with an instrument, as somebody published it.

-- +goose Up
CREATE TABLE diagnosis_reference (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    instrument TEXT NOT NULL, -- the id in the instrument's file
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    day TEXT NOT NULL,
    means TEXT NOT NULL,      -- JSON: id of a factor or item to mean
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

-- +goose Down
DROP TABLE diagnosis_reference;
