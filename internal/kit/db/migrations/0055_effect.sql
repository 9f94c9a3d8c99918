-- What is asked of an initiative and an indicator, what was found, and what it was worth.

-- +goose Up
CREATE TABLE impact_effect (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    cause_id TEXT NOT NULL,  -- of an initiative, or of a change of the learning function
    indicator_id TEXT NOT NULL,
    plan TEXT NOT NULL,      -- JSON
    money TEXT NOT NULL,     -- JSON
    written_by TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, indicator_id) REFERENCES strategy_indicator
);

CREATE TABLE impact_change (
    organisation_id TEXT NOT NULL,
    effect_id TEXT NOT NULL,
    number BIGINT NOT NULL,  -- from 1 on
    was TEXT NOT NULL,       -- the plan that was replaced, JSON
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, effect_id, number),
    FOREIGN KEY (organisation_id, effect_id) REFERENCES impact_effect
);

CREATE TABLE impact_estimate (
    organisation_id TEXT NOT NULL,
    effect_id TEXT NOT NULL,
    hash TEXT NOT NULL,      -- of all that went into it
    made_at BIGINT NOT NULL,
    grade TEXT NOT NULL,
    finding TEXT NOT NULL,
    estimate BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, effect_id),
    FOREIGN KEY (organisation_id, effect_id) REFERENCES impact_effect
);

CREATE TABLE impact_opinion (
    organisation_id TEXT NOT NULL,
    effect_id TEXT NOT NULL,
    id TEXT NOT NULL,
    who TEXT NOT NULL,
    change DOUBLE PRECISION NOT NULL,
    share DOUBLE PRECISION NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    said_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, effect_id, id),
    FOREIGN KEY (organisation_id, effect_id) REFERENCES impact_effect
);

-- +goose Down
DROP TABLE impact_opinion;
DROP TABLE impact_estimate;
DROP TABLE impact_change;
DROP TABLE impact_effect;
