-- Where locations lie, by their names, which are their keys: it does not change with a roster.

-- +goose Up
CREATE TABLE org_where (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    location TEXT NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    longitude DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (organisation_id, location)
);

-- +goose Down
DROP TABLE org_where;
