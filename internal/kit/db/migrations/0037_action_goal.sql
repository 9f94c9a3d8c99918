-- The goal of a unit that an action helps to reach.

-- +goose Up
ALTER TABLE transition_action ADD COLUMN goal_id TEXT NOT NULL DEFAULT ''; -- '' for none
CREATE INDEX transition_action_goal ON transition_action (organisation_id, goal_id);

-- +goose Down
DROP INDEX transition_action_goal;
ALTER TABLE transition_action DROP COLUMN goal_id;
