-- Tokens by which programs ask for what somebody may see and do, and what their requests were answered with.

-- +goose Up
CREATE TABLE org_token (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    scopes TEXT NOT NULL,        -- with spaces between
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,     -- to the hour; 0 for never
    withdrawn_at BIGINT NOT NULL, -- 0 while it holds
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, account_id) REFERENCES org_account
);
CREATE UNIQUE INDEX org_token_secret ON org_token (organisation_id, secret_hash);
CREATE INDEX org_token_account ON org_token (organisation_id, account_id);

-- A request that is answered once, however often it is sent.
CREATE TABLE org_answer (
    organisation_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    key TEXT NOT NULL,           -- the caller's name for it
    request TEXT NOT NULL,       -- SHA-256 of what was asked
    status BIGINT NOT NULL,      -- 0 while it is being answered
    content_type TEXT NOT NULL,
    body BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, account_id, key),
    FOREIGN KEY (organisation_id, account_id) REFERENCES org_account
);
CREATE INDEX org_answer_made ON org_answer (organisation_id, made_at);

-- +goose Down
DROP TABLE org_answer;
DROP TABLE org_token;
