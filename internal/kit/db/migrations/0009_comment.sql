-- Answers to open questions. A comment has an id of its own and no key of its response; at closing the table is rewritten
-- in random order.

-- +goose Up
CREATE TABLE diagnosis_comment (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    id TEXT NOT NULL,            -- random
    question TEXT NOT NULL,      -- id in the instrument
    combination INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (organisation_id, diagnosis_id, id),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);

-- +goose Down
DROP TABLE diagnosis_comment;
