-- By what executives were seen to be involved.

-- +goose Up
CREATE TABLE effort_act (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    person_key TEXT NOT NULL,
    person_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    what TEXT NOT NULL,
    audience TEXT NOT NULL,
    reach BIGINT NOT NULL,      -- people, 0 for not counted
    evidence TEXT NOT NULL,
    minutes BIGINT NOT NULL,    -- of the executive; also an entry of the ledger
    initiative_id TEXT NOT NULL, -- '' for none
    made_by TEXT NOT NULL,
    account TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE INDEX effort_act_person ON effort_act (organisation_id, person_id, day);

-- +goose Down
DROP TABLE effort_act;
