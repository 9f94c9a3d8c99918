-- What waits in an outbox is found without looking at what has left.

-- +goose Up
CREATE INDEX diagnosis_sending_waiting ON diagnosis_sending (organisation_id, diagnosis_id, mailing_id, state, reason, invitation_id);

-- +goose Down
DROP INDEX diagnosis_sending_waiting;
