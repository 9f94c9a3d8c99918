-- Since when a resource can be had, and what was completed when.

-- +goose Up
ALTER TABLE learning_resource ADD COLUMN since TEXT NOT NULL DEFAULT ''; -- day; '' where nobody has said it
CREATE INDEX learning_request_done ON learning_request (organisation_id, done, state, unit_id, resource_id, person_id);

-- +goose Down
DROP INDEX learning_request_done;
ALTER TABLE learning_resource DROP COLUMN since;
