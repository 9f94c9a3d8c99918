-- The weekly mail with what waits for somebody, and who wants none.

-- +goose Up
ALTER TABLE org_organisation ADD COLUMN quiet BOOLEAN NOT NULL DEFAULT FALSE; -- nobody gets one
ALTER TABLE org_account ADD COLUMN digests BOOLEAN NOT NULL DEFAULT TRUE;

-- An outbox like transition_nudge, one row for an account and a week.
CREATE TABLE org_digest (
    organisation_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    week TEXT NOT NULL,          -- 2026-W07
    secret_hash TEXT NOT NULL,   -- of the link by which they end, '' where nothing waited
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, account_id, week),
    FOREIGN KEY (organisation_id, account_id) REFERENCES org_account
);
CREATE INDEX org_digest_week ON org_digest (organisation_id, week, state);
CREATE INDEX org_digest_secret ON org_digest (secret_hash);

CREATE TABLE org_lease (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

-- +goose Down
DROP TABLE org_lease;
DROP TABLE org_digest;
ALTER TABLE org_account DROP COLUMN digests;
ALTER TABLE org_organisation DROP COLUMN quiet;
