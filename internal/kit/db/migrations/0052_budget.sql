-- What an initiative is meant to come to in a year.

-- +goose Up
CREATE TABLE effort_budget (
    organisation_id TEXT NOT NULL,
    initiative_id TEXT NOT NULL,
    year BIGINT NOT NULL,
    people BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    cost BIGINT NOT NULL,  -- in the smallest unit of the currency
    currency TEXT NOT NULL, -- the own one when it was said, '' for no cost
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, initiative_id, year),
    FOREIGN KEY (organisation_id, initiative_id) REFERENCES effort_initiative
);

-- +goose Down
DROP TABLE effort_budget;
