-- What people of programmes have learned of the themes, and the steps to running a diagnosis. That somebody has led one
-- is not stored: it follows from diagnosis_diagnosis.

-- +goose Up
CREATE TABLE transition_experience (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    kind TEXT NOT NULL,            -- theme, observed, co-ran
    subject TEXT NOT NULL,         -- id of a characteristic or of a diagnosis
    depth BIGINT NOT NULL,         -- of a theme: 1 explains, 2 applies, 3 teaches; else 0
    day TEXT NOT NULL,
    note TEXT NOT NULL,
    noted_by TEXT NOT NULL,
    noted_at BIGINT NOT NULL,
    confirmed_by TEXT NOT NULL,    -- '' until somebody has
    confirmed_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE UNIQUE INDEX transition_experience_once ON transition_experience (organisation_id, person_id, kind, subject, depth);

-- Who may lead diagnoses of the own unit because of it.
CREATE TABLE transition_lead (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    person_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    unit TEXT NOT NULL,
    grant_id TEXT NOT NULL,        -- '' where the person had the role already
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, person_id, unit_id)
);

-- +goose Down
DROP TABLE transition_lead;
DROP TABLE transition_experience;
