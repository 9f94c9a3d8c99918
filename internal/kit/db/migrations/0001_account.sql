-- Who may sign in, and what for. Instants are microseconds UTC.

-- +goose Up
CREATE TABLE org_organisation (
    organisation_id TEXT PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    simulated BOOLEAN NOT NULL,
    made_at BIGINT NOT NULL
);

CREATE TABLE org_account (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    mail TEXT NOT NULL,
    name TEXT NOT NULL,
    person_id TEXT NOT NULL,
    password TEXT NOT NULL,
    language TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE UNIQUE INDEX org_account_mail ON org_account (organisation_id, mail);

CREATE TABLE org_grant (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    role TEXT NOT NULL,
    scope TEXT NOT NULL,
    scope_id TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, account_id) REFERENCES org_account
);
CREATE UNIQUE INDEX org_grant_once ON org_grant (organisation_id, account_id, role, scope, scope_id);

-- A one-time link to sign in. Only the hash of its secret is kept.
CREATE TABLE org_link (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, account_id) REFERENCES org_account
);
CREATE UNIQUE INDEX org_link_secret ON org_link (organisation_id, secret_hash);

-- The record: who did what, and when.
CREATE TABLE org_event (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX org_event_at ON org_event (organisation_id, at);

-- Sessions belong to browsers, not to an organisation.
CREATE TABLE kit_session (
    token TEXT PRIMARY KEY,
    data BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX kit_session_expiry ON kit_session (expires_at);

-- +goose Down
DROP TABLE kit_session;
DROP TABLE org_event;
DROP TABLE org_link;
DROP TABLE org_grant;
DROP TABLE org_account;
DROP TABLE org_organisation;
