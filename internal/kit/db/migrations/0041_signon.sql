-- Signing on at a provider of the organisation's own, by OpenID Connect.

-- +goose Up
CREATE TABLE org_signon (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    name TEXT NOT NULL,          -- on the button
    issuer TEXT NOT NULL,
    client TEXT NOT NULL,
    sealed BYTEA NOT NULL,       -- the client's secret, by a key outside the database; empty for none
    scopes TEXT NOT NULL,        -- asked for besides openid, profile and email, with spaces between
    claim TEXT NOT NULL,         -- that says groups or roles
    rules TEXT NOT NULL,         -- JSON: what its values grant
    trusts BOOLEAN NOT NULL,     -- its mail addresses are verified though it does not say so
    makes BOOLEAN NOT NULL,      -- accounts for who has none
    local_off BOOLEAN NOT NULL,  -- nobody signs in by password or mailed link
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id)
);

-- Who somebody is there.
CREATE TABLE org_identity (
    organisation_id TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account_id TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, issuer, subject),
    FOREIGN KEY (organisation_id, account_id) REFERENCES org_account
);
CREATE UNIQUE INDEX org_identity_account ON org_identity (organisation_id, account_id, issuer);

ALTER TABLE org_grant ADD COLUMN signon BOOLEAN NOT NULL DEFAULT FALSE; -- given by a claim, and taken back without it

-- +goose Down
ALTER TABLE org_grant DROP COLUMN signon;
DROP TABLE org_identity;
DROP TABLE org_signon;
