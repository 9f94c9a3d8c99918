-- What management teams and groups have decided to do, with what was said of it on the way; initiatives, which run over
-- several actions; and the mail that reminds owners.

-- +goose Up
CREATE TABLE effort_initiative (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    note TEXT NOT NULL,
    kind TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    owner_key TEXT NOT NULL,
    owner_name TEXT NOT NULL,    -- for when the person has left
    serves TEXT NOT NULL,        -- JSON: kinds and ids of targets
    due TEXT NOT NULL,           -- day, '' for none
    expected TEXT NOT NULL,
    came TEXT NOT NULL,          -- what came of it
    ended TEXT NOT NULL,         -- day, '' while it goes on
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

-- When an initiative began for whom.
CREATE TABLE effort_start (
    organisation_id TEXT NOT NULL,
    initiative_id TEXT NOT NULL,
    subject TEXT NOT NULL,       -- unit, person
    subject_id TEXT NOT NULL,
    subject_key TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (organisation_id, initiative_id, subject, subject_id),
    FOREIGN KEY (organisation_id, initiative_id) REFERENCES effort_initiative
);

CREATE TABLE transition_action (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    body TEXT NOT NULL,          -- team, group
    body_id TEXT NOT NULL,
    body_name TEXT NOT NULL,     -- as of the decision, like the unit
    unit_id TEXT NOT NULL,       -- '' for a group of several units
    unit TEXT NOT NULL,
    programme_id TEXT NOT NULL,  -- by which the body was coached, '' for none
    what TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    focal_id TEXT NOT NULL,      -- '' off focus
    theme TEXT NOT NULL,
    item TEXT NOT NULL,          -- characteristic that is to move
    off_focus TEXT NOT NULL,     -- why it is done nonetheless
    effect TEXT NOT NULL,
    kind TEXT NOT NULL,          -- of effort
    owner_id TEXT NOT NULL,
    owner_key TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    decided TEXT NOT NULL,
    promised TEXT NOT NULL,      -- the first day by which it was to be done
    due TEXT NOT NULL,
    initiative_id TEXT NOT NULL,
    external BOOLEAN NOT NULL,
    from_id TEXT NOT NULL,       -- the action of another body that it was taken from
    from_unit TEXT NOT NULL,     -- id of that one's unit
    state TEXT NOT NULL,         -- open, done, stopped
    ended TEXT NOT NULL,
    outcome TEXT NOT NULL,
    came TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX transition_action_body ON transition_action (organisation_id, body, body_id);
CREATE INDEX transition_action_owner ON transition_action (organisation_id, owner_key, state);
CREATE INDEX transition_action_focal ON transition_action (organisation_id, focal_id);
CREATE INDEX transition_action_programme ON transition_action (organisation_id, programme_id);

CREATE TABLE transition_checkin (
    organisation_id TEXT NOT NULL,
    action_id TEXT NOT NULL,
    id TEXT NOT NULL,
    day TEXT NOT NULL,
    pace TEXT NOT NULL,          -- on-track, slower, stuck; moved, ended, resume
    body TEXT NOT NULL,
    minutes BIGINT NOT NULL,
    costs TEXT NOT NULL,         -- JSON
    due TEXT NOT NULL,           -- that it moved to
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, action_id, id),
    FOREIGN KEY (organisation_id, action_id) REFERENCES transition_action
);

ALTER TABLE transition_programme ADD COLUMN nudges BOOLEAN NOT NULL DEFAULT TRUE; -- owners of actions are reminded by mail

-- An outbox like transition_mail.
CREATE TABLE transition_nudge (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    secret_hash TEXT NOT NULL,   -- of the link by which they end, '' before it is sent
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX transition_nudge_state ON transition_nudge (state, organisation_id);
CREATE INDEX transition_nudge_person ON transition_nudge (organisation_id, person_id, made_at);
CREATE INDEX transition_nudge_secret ON transition_nudge (secret_hash);

-- Who wants none.
CREATE TABLE transition_unnudged (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    person_id TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, person_id)
);

-- +goose Down
DROP TABLE transition_unnudged;
DROP TABLE transition_nudge;
ALTER TABLE transition_programme DROP COLUMN nudges;
DROP TABLE transition_checkin;
DROP TABLE transition_action;
DROP TABLE effort_start;
DROP TABLE effort_initiative;
