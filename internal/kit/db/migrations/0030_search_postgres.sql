-- Full-text search on PostgreSQL: an index over the words as they stand.

-- +goose Up
CREATE INDEX transition_practice_words ON transition_practice USING GIN (to_tsvector('simple', words));

-- +goose Down
DROP INDEX transition_practice_words;
