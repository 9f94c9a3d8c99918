-- Mail to those invited. A sending is an outbox's line: waiting, trying, sent, failed, doubt, left. That it is being
-- tried stands there before the mail server is spoken to, so what a stopped program leaves in doubt is known.

-- +goose Up
CREATE TABLE diagnosis_mailing (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,          -- invitation, reminder
    at BIGINT NOT NULL,          -- when it begins
    state TEXT NOT NULL,         -- planned, sending, sent, stopped
    texts TEXT NOT NULL,         -- JSON: by language
    counts TEXT NOT NULL,        -- JSON: how many in each state, once the diagnosis is closed; '' before
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, diagnosis_id, id),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);

-- Forgotten at closing: a reminder tells who had not answered by then.
CREATE TABLE diagnosis_sending (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    mailing_id TEXT NOT NULL,
    invitation_id TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,        -- the mail server's words
    PRIMARY KEY (organisation_id, diagnosis_id, mailing_id, invitation_id),
    FOREIGN KEY (organisation_id, diagnosis_id, mailing_id) REFERENCES diagnosis_mailing
);

-- Who of several copies of the program does a piece of work, and until when.
CREATE TABLE diagnosis_lease (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

-- An address that was corrected after opening; '' for the roster's.
ALTER TABLE diagnosis_invitation ADD COLUMN mail TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE diagnosis_invitation DROP COLUMN mail;
DROP TABLE diagnosis_lease;
DROP TABLE diagnosis_sending;
DROP TABLE diagnosis_mailing;
