-- Full-text search over resources on PostgreSQL.

-- +goose Up
CREATE INDEX learning_resource_words ON learning_resource USING GIN (to_tsvector('simple', words));

-- +goose Down
DROP INDEX learning_resource_words;
