-- A test run: a link to the questionnaire before it opens, and what was answered by it. Deleted at opening. The secret
-- stands here as it is: it opens nothing but a test.

-- +goose Up
CREATE TABLE diagnosis_trial (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    id TEXT NOT NULL,
    secret TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    PRIMARY KEY (organisation_id, diagnosis_id, id),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);
CREATE INDEX diagnosis_trial_secret ON diagnosis_trial (secret_hash);

CREATE TABLE diagnosis_trial_answer (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    id TEXT NOT NULL,
    given TEXT NOT NULL, -- JSON: item or question to answer
    PRIMARY KEY (organisation_id, diagnosis_id, id),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);

-- +goose Down
DROP TABLE diagnosis_trial_answer;
DROP TABLE diagnosis_trial;
