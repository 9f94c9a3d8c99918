-- Up to which published period effects on people have been told, each once, and who had started when.

-- +goose Up
CREATE TABLE impact_told (
    organisation_id TEXT NOT NULL,
    cause TEXT NOT NULL,         -- id of an initiative, or the words of a change
    indicator_id TEXT NOT NULL,
    period TEXT NOT NULL,        -- the newest that was published then
    starts TEXT NOT NULL,        -- JSON: by person's id the period of the start, '' for none
    PRIMARY KEY (organisation_id, cause, indicator_id, period)
);

-- +goose Down
DROP TABLE impact_told;
