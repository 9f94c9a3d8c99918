-- Why an effect could not be estimated when somebody tried.

-- +goose Up
CREATE TABLE impact_refusal (
    organisation_id TEXT NOT NULL,
    effect_id TEXT NOT NULL,
    hash TEXT NOT NULL,  -- of all that went into it
    why BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, effect_id),
    FOREIGN KEY (organisation_id, effect_id) REFERENCES impact_effect
);

-- +goose Down
DROP TABLE impact_refusal;
