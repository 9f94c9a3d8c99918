-- Sessions of programmes and the arrangements that support them. What somebody writes of a session (reflection, statement,
-- commitment, feedback) lies in tables of its own; who reads it the pages decide.

-- +goose Up
CREATE TABLE transition_session (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    programme_id TEXT NOT NULL,
    series_id TEXT NOT NULL,     -- '' for none
    kind TEXT NOT NULL,          -- session, buddies, consultation, visit, shadowing, workshop
    of_member TEXT NOT NULL,     -- whose group or team it is for, '' for members of the programme
    scope TEXT NOT NULL,         -- JSON: which members
    name TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    place TEXT NOT NULL,
    host_id TEXT NOT NULL,       -- a person, '' for nobody on the roster
    host_key TEXT NOT NULL,
    host_name TEXT NOT NULL,
    external BOOLEAN NOT NULL,
    host_mailed BIGINT NOT NULL, -- the version that the host was mailed last, -1 for none
    diagnosis_id TEXT NOT NULL,  -- that its focal point is of
    focal_id TEXT NOT NULL,
    theme TEXT NOT NULL,
    first BOOLEAN NOT NULL,
    agenda TEXT NOT NULL,        -- JSON
    role TEXT NOT NULL,          -- part of the role that an arrangement serves
    version BIGINT NOT NULL,     -- one more with every change that people are told of
    cancelled BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    held_at BIGINT NOT NULL,     -- 0 until it is noted who came
    prepared BIGINT NOT NULL,    -- minutes
    costs TEXT NOT NULL,         -- JSON
    minuted TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, programme_id) REFERENCES transition_programme
);
CREATE INDEX transition_session_programme ON transition_session (organisation_id, programme_id, starts_at);
CREATE INDEX transition_session_host ON transition_session (organisation_id, host_key);

CREATE TABLE transition_attendee (
    organisation_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    person_key TEXT NOT NULL,
    name TEXT NOT NULL,          -- for when the person has left
    answer TEXT NOT NULL,        -- '', yes, no
    why TEXT NOT NULL,
    came BOOLEAN NOT NULL,
    mailed BIGINT NOT NULL,      -- the version that was mailed last, -1 for none
    gone BOOLEAN NOT NULL,       -- asked no more: has stopped, or was taken off
    PRIMARY KEY (organisation_id, session_id, person_id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES transition_session
);
CREATE INDEX transition_attendee_person ON transition_attendee (organisation_id, person_key);

-- An outbox like transition_mail.
CREATE TABLE transition_notice (
    organisation_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    reminder BOOLEAN NOT NULL,
    state TEXT NOT NULL,         -- waiting, trying, sent, failed, doubt, left
    reason TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, session_id, id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES transition_session
);
CREATE INDEX transition_notice_state ON transition_notice (state, organisation_id);

-- The links in those mails, by which somebody without an account sees the session. Each mail has its own; all open it.
CREATE TABLE transition_pass (
    organisation_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    PRIMARY KEY (organisation_id, session_id, id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES transition_session
);
CREATE INDEX transition_pass_secret ON transition_pass (secret_hash);

CREATE TABLE transition_reflection (
    organisation_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    body TEXT NOT NULL,
    shared BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, session_id, person_id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES transition_session
);

CREATE TABLE transition_statement (
    organisation_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    role TEXT NOT NULL,
    results TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, session_id, person_id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES transition_session
);
CREATE INDEX transition_statement_person ON transition_statement (organisation_id, person_id);

CREATE TABLE transition_commitment (
    organisation_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    body TEXT NOT NULL,
    due TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    done_at BIGINT NOT NULL,     -- 0 until then
    outcome TEXT NOT NULL,
    PRIMARY KEY (organisation_id, session_id, id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES transition_session
);
CREATE INDEX transition_commitment_person ON transition_commitment (organisation_id, person_id);

CREATE TABLE transition_feedback (
    organisation_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    useful BIGINT NOT NULL,      -- 1 to 5
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, session_id, person_id),
    FOREIGN KEY (organisation_id, session_id) REFERENCES transition_session
);

-- Calendars that people subscribe to.
CREATE TABLE transition_feed (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    person_id TEXT NOT NULL,
    person_key TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, person_id)
);
CREATE INDEX transition_feed_secret ON transition_feed (secret_hash);

-- +goose Down
DROP TABLE transition_feed;
DROP TABLE transition_feedback;
DROP TABLE transition_commitment;
DROP TABLE transition_statement;
DROP TABLE transition_reflection;
DROP TABLE transition_pass;
DROP TABLE transition_notice;
DROP TABLE transition_attendee;
DROP TABLE transition_session;
