-- The ledger of indicators: what is measured, what was observed, planned and aimed at, and what units come to.

-- +goose Up
CREATE TABLE strategy_indicator (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    key TEXT NOT NULL,           -- what files call it
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    formula TEXT NOT NULL,
    measure TEXT NOT NULL,       -- unit of measure
    decimals BIGINT NOT NULL,
    direction TEXT NOT NULL,     -- higher, lower, within
    over_units TEXT NOT NULL,    -- sum, mean, none
    alone BOOLEAN NOT NULL,      -- a value of a unit is of that unit alone, and what is below is added
    weight_id TEXT NOT NULL,     -- indicator that weights a mean, '' for none
    over_time TEXT NOT NULL,     -- sum, mean, last
    grain TEXT NOT NULL,         -- year, quarter, month
    perspective TEXT NOT NULL,   -- financial, customer, process, growth
    learning BOOLEAN NOT NULL,   -- about the learning function
    source TEXT NOT NULL,
    origin TEXT NOT NULL,        -- where values come from by themselves, '' where they are handed in
    owner_id TEXT NOT NULL,
    owner_key TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    ended TEXT NOT NULL,         -- day, '' while it is measured
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE UNIQUE INDEX strategy_indicator_key ON strategy_indicator (organisation_id, key);

-- What came in together: a file, a form, a call.
CREATE TABLE strategy_feed (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    number BIGINT NOT NULL,      -- 1, 2, 3 ...
    source TEXT NOT NULL,        -- name of the file, '' for a form
    cells BIGINT NOT NULL,       -- values that it brought
    changed BIGINT NOT NULL,     -- of these, in place of another value
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, number)
);

-- All values of an indicator of a unit: period, value and feed of each, packed.
CREATE TABLE strategy_series (
    organisation_id TEXT NOT NULL,
    indicator_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    kind TEXT NOT NULL,          -- actual, plan
    points BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, indicator_id, unit_id, kind),
    FOREIGN KEY (organisation_id, indicator_id) REFERENCES strategy_indicator
);
CREATE INDEX strategy_series_unit ON strategy_series (organisation_id, unit_id);

-- What a unit with units under it comes to, packed. Made from the series and the tree of units.
CREATE TABLE strategy_total (
    organisation_id TEXT NOT NULL,
    indicator_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    marks BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, unit_id, indicator_id, kind),
    FOREIGN KEY (organisation_id, indicator_id) REFERENCES strategy_indicator
);

-- The tree of units that the totals were made with.
CREATE TABLE strategy_tree (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    stamp TEXT NOT NULL,
    PRIMARY KEY (organisation_id)
);

-- How many closed diagnoses have had indicators made of their scores.
CREATE TABLE strategy_scored (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    diagnoses BIGINT NOT NULL,
    PRIMARY KEY (organisation_id)
);

-- Values that another took the place of, or nothing.
CREATE TABLE strategy_revision (
    organisation_id TEXT NOT NULL,
    indicator_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    period TEXT NOT NULL,
    replaced_by BIGINT NOT NULL, -- number of the feed that did
    value DOUBLE PRECISION NOT NULL,
    feed BIGINT NOT NULL,        -- number of the feed that it came with
    PRIMARY KEY (organisation_id, indicator_id, unit_id, kind, period, replaced_by),
    FOREIGN KEY (organisation_id, indicator_id) REFERENCES strategy_indicator
);

CREATE TABLE strategy_target (
    organisation_id TEXT NOT NULL,
    indicator_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    year BIGINT NOT NULL,
    baseline DOUBLE PRECISION,   -- NULL: what it came to the year before
    value DOUBLE PRECISION NOT NULL,
    high DOUBLE PRECISION NOT NULL, -- upper end of a range
    feed BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, unit_id, indicator_id, year),
    FOREIGN KEY (organisation_id, indicator_id) REFERENCES strategy_indicator
);

CREATE TABLE strategy_note (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    indicator_id TEXT NOT NULL,  -- '' for all indicators of the unit
    unit_id TEXT NOT NULL,
    day TEXT NOT NULL,
    what TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id) REFERENCES org_organisation
);
CREATE INDEX strategy_note_unit ON strategy_note (organisation_id, unit_id, day);

-- +goose Down
DROP TABLE strategy_note;
DROP TABLE strategy_target;
DROP TABLE strategy_revision;
DROP TABLE strategy_scored;
DROP TABLE strategy_tree;
DROP TABLE strategy_total;
DROP TABLE strategy_series;
DROP TABLE strategy_feed;
DROP TABLE strategy_indicator;
