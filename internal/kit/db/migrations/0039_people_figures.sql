-- Values of people, and which of what they come to has been published.

-- +goose Up
ALTER TABLE strategy_indicator ADD COLUMN minimum BIGINT NOT NULL DEFAULT 0; -- 0: values are of units; else of people, and a unit's is of at least so many

-- All values of an indicator of a person, packed as those of units are.
CREATE TABLE strategy_person (
    organisation_id TEXT NOT NULL,
    indicator_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    kind TEXT NOT NULL,          -- actual
    points BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, indicator_id, person_id, kind),
    FOREIGN KEY (organisation_id, indicator_id) REFERENCES strategy_indicator
);
CREATE INDEX strategy_person_person ON strategy_person (organisation_id, person_id);

-- Values of people that another took the place of, or nothing.
CREATE TABLE strategy_personrevision (
    organisation_id TEXT NOT NULL,
    indicator_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    period TEXT NOT NULL,
    replaced_by BIGINT NOT NULL, -- number of the feed that did
    value DOUBLE PRECISION NOT NULL,
    feed BIGINT NOT NULL,        -- number of the feed that it came with
    PRIMARY KEY (organisation_id, indicator_id, person_id, kind, period, replaced_by),
    FOREIGN KEY (organisation_id, indicator_id) REFERENCES strategy_indicator
);
CREATE INDEX strategy_personrevision_person ON strategy_personrevision (organisation_id, person_id);

-- The periods of which what people come to has been told, once.
CREATE TABLE strategy_published (
    organisation_id TEXT NOT NULL,
    indicator_id TEXT NOT NULL,
    period TEXT NOT NULL,
    minimum BIGINT NOT NULL,     -- people behind any figure
    people BIGINT NOT NULL,      -- that had a value
    units BIGINT NOT NULL,       -- of which something is told
    withheld BIGINT NOT NULL,    -- units of which nothing is, though somebody in them or under them had a value
    feed BIGINT NOT NULL,        -- number of the feed that the figures are
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, indicator_id, period),
    FOREIGN KEY (organisation_id, indicator_id) REFERENCES strategy_indicator
);

-- +goose Down
DROP TABLE strategy_published;
DROP TABLE strategy_personrevision;
DROP TABLE strategy_person;
ALTER TABLE strategy_indicator DROP COLUMN minimum;
