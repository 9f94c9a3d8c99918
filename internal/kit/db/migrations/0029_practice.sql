-- Practical situations, who took them up, and questions between leaders and coaches. words is what a practice is found by,
-- folded; how it is looked up each engine does in its own way (0030).

-- +goose Up
CREATE TABLE transition_practice (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    person_key TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,          -- names as of the writing
    location TEXT NOT NULL,
    partner TEXT NOT NULL,
    title TEXT NOT NULL,
    theme TEXT NOT NULL,         -- id of a characteristic
    problem TEXT NOT NULL,
    tried TEXT NOT NULL,
    outcome TEXT NOT NULL,       -- helped, partly, not, early
    result TEXT NOT NULL,
    evidence TEXT NOT NULL,
    words TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    shared_at BIGINT NOT NULL,   -- 0 for a draft
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX transition_practice_person ON transition_practice (organisation_id, person_key);

CREATE TABLE transition_adoption (
    organisation_id TEXT NOT NULL,
    practice_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    person_key TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    location TEXT NOT NULL,
    partner TEXT NOT NULL,
    day TEXT NOT NULL,
    outcome TEXT NOT NULL,
    note TEXT NOT NULL,
    via_id TEXT NOT NULL,        -- person from whom they have it
    ended TEXT NOT NULL,         -- day on which it was given up, '' while it is in use
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, practice_id, person_id),
    FOREIGN KEY (organisation_id, practice_id) REFERENCES transition_practice
);

CREATE TABLE transition_question (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    practice_id TEXT NOT NULL,   -- '' for none
    above_id TEXT NOT NULL,      -- the question that this answers, '' for a question
    person_key TEXT NOT NULL,
    name TEXT NOT NULL,
    place TEXT NOT NULL,
    body TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX transition_question_practice ON transition_question (organisation_id, practice_id, made_at);

-- +goose Down
DROP TABLE transition_question;
DROP TABLE transition_adoption;
DROP TABLE transition_practice;
