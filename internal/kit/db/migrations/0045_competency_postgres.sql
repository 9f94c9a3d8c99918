-- Full-text search over competencies on PostgreSQL.

-- +goose Up
CREATE INDEX learning_competency_words ON learning_competency USING GIN (to_tsvector('simple', words));

-- +goose Down
DROP INDEX learning_competency_words;
