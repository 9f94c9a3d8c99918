-- Who ran a step of a diagnosis, where the program does not know it by itself.

-- +goose Up
CREATE TABLE transition_conduct (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    step TEXT NOT NULL,          -- open, interview, close, choose
    run_by TEXT NOT NULL,        -- own, external, '' for not said
    who TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, diagnosis_id, step),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);

-- +goose Down
DROP TABLE transition_conduct;
