-- A practice is taken up, given up and taken up again: each time is a row of its own.

-- +goose Up
ALTER TABLE transition_adoption RENAME TO transition_adopted;
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
    PRIMARY KEY (organisation_id, practice_id, person_id, day),
    FOREIGN KEY (organisation_id, practice_id) REFERENCES transition_practice
);
INSERT INTO transition_adoption (organisation_id, practice_id, person_id, person_key, name, unit, location, partner, day, outcome, note, via_id, ended, made_at)
    SELECT organisation_id, practice_id, person_id, person_key, name, unit, location, partner, day, outcome, note, via_id, ended, made_at FROM transition_adopted;
DROP TABLE transition_adopted;

-- +goose Down
ALTER TABLE transition_adoption RENAME TO transition_adopted;
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
    via_id TEXT NOT NULL,
    ended TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, practice_id, person_id),
    FOREIGN KEY (organisation_id, practice_id) REFERENCES transition_practice
);
INSERT INTO transition_adoption (organisation_id, practice_id, person_id, person_key, name, unit, location, partner, day, outcome, note, via_id, ended, made_at)
    SELECT organisation_id, practice_id, person_id, person_key, name, unit, location, partner, day, outcome, note, via_id, ended, made_at FROM transition_adopted a
    WHERE NOT EXISTS (SELECT 1 FROM transition_adopted b WHERE b.organisation_id = a.organisation_id AND b.practice_id = a.practice_id AND b.person_id = a.person_id AND b.day > a.day);
DROP TABLE transition_adopted;
