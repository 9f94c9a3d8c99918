-- Full-text search on PostgreSQL holds what is shared alone.

-- +goose Up
DROP INDEX transition_practice_words;
UPDATE transition_practice SET words = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(words, 'ł', 'l'), 'ø', 'o'), 'đ', 'd'), 'ð', 'd'), 'þ', 'th'), 'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'ı', 'i'), 'ħ', 'h'), 'ς', 'σ'); -- folded as new ones are
CREATE INDEX transition_practice_words ON transition_practice USING GIN (to_tsvector('simple', words)) WHERE shared_at > 0;

-- +goose Down
DROP INDEX transition_practice_words;
CREATE INDEX transition_practice_words ON transition_practice USING GIN (to_tsvector('simple', words));
