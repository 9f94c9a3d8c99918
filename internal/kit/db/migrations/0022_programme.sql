-- Programmes of leaders and coaches. A step is a change of a member's status; the member's own is the last one's. Mail is
-- an outbox like diagnosis_sending: what is written in it is made when it leaves.

-- +goose Up
CREATE TABLE transition_programme (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,          -- leaders, coaches
    diagnosis_id TEXT NOT NULL,
    focal TEXT NOT NULL,         -- JSON: ids of focal points
    rule TEXT NOT NULL,          -- JSON: who can be nominated
    per BIGINT NOT NULL,         -- people that a coach looks after
    every BIGINT NOT NULL,       -- months between sessions
    reach BIGINT NOT NULL,       -- kilometres to another location to which a coach can be asked to go
    closed BOOLEAN NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);

CREATE TABLE transition_member (
    organisation_id TEXT NOT NULL,
    programme_id TEXT NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    person_key TEXT NOT NULL,
    name TEXT NOT NULL,          -- for when the person has left
    status TEXT NOT NULL,
    since BIGINT NOT NULL,
    team_id TEXT NOT NULL,       -- management team of a leader, '' for none
    room BIGINT NOT NULL,        -- people that a coach can look after
    secret_hash TEXT NOT NULL,   -- of the link in the last invitation, '' for none
    grant_id TEXT NOT NULL,      -- the role that accepting gave, '' for none
    PRIMARY KEY (organisation_id, programme_id, id),
    FOREIGN KEY (organisation_id, programme_id) REFERENCES transition_programme
);
CREATE UNIQUE INDEX transition_member_person ON transition_member (organisation_id, programme_id, person_id);
CREATE INDEX transition_member_key ON transition_member (organisation_id, person_key);
CREATE INDEX transition_member_secret ON transition_member (secret_hash);

CREATE TABLE transition_step (
    organisation_id TEXT NOT NULL,
    programme_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    at BIGINT NOT NULL,
    by TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (organisation_id, programme_id, member_id, id),
    FOREIGN KEY (organisation_id, programme_id, member_id) REFERENCES transition_member
);

CREATE TABLE transition_mail (
    organisation_id TEXT NOT NULL,
    programme_id TEXT NOT NULL,
    id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    kind TEXT NOT NULL,          -- invitation
    note TEXT NOT NULL,          -- a few words of whoever sends it
    state TEXT NOT NULL,         -- waiting, trying, sent, failed, doubt
    reason TEXT NOT NULL,        -- the mail server's words
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, programme_id, id),
    FOREIGN KEY (organisation_id, programme_id, member_id) REFERENCES transition_member
);
CREATE INDEX transition_mail_state ON transition_mail (state, organisation_id);

-- Who coaches whom. A programme has at most one plan in each state.
CREATE TABLE transition_plan (
    organisation_id TEXT NOT NULL,
    programme_id TEXT NOT NULL,
    state TEXT NOT NULL,         -- draft, current, before
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    accepted_at BIGINT NOT NULL, -- 0 for a draft
    near BIGINT NOT NULL,        -- how many more people another plan could reach at most
    best BOOLEAN NOT NULL,       -- no plan is better in any respect
    PRIMARY KEY (organisation_id, programme_id, state),
    FOREIGN KEY (organisation_id, programme_id) REFERENCES transition_programme
);

CREATE TABLE transition_group (
    organisation_id TEXT NOT NULL,
    programme_id TEXT NOT NULL,
    state TEXT NOT NULL,         -- of its plan
    id TEXT NOT NULL,            -- stays from plan to plan
    location_id TEXT NOT NULL,
    coach_id TEXT NOT NULL,      -- a member, '' for nobody
    before_id TEXT NOT NULL,     -- the coach in the plan before
    size BIGINT NOT NULL,
    parts TEXT NOT NULL,         -- JSON: people by unit and partner
    PRIMARY KEY (organisation_id, programme_id, state, id),
    FOREIGN KEY (organisation_id, programme_id) REFERENCES transition_programme
);
CREATE INDEX transition_group_location ON transition_group (organisation_id, programme_id, state, location_id);

CREATE TABLE transition_lease (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

-- +goose Down
DROP TABLE transition_lease;
DROP TABLE transition_group;
DROP TABLE transition_plan;
DROP TABLE transition_mail;
DROP TABLE transition_step;
DROP TABLE transition_member;
DROP TABLE transition_programme;
