-- Full-text search on SQLite: FTS5, kept by triggers. It has keys of its own, as VACUUM may give rows other numbers.

-- +goose Up
CREATE VIRTUAL TABLE transition_practice_search USING fts5(organisation_id UNINDEXED, id UNINDEXED, words);
INSERT INTO transition_practice_search (organisation_id, id, words) SELECT organisation_id, id, words FROM transition_practice;

-- +goose StatementBegin
CREATE TRIGGER transition_practice_found AFTER INSERT ON transition_practice BEGIN
    INSERT INTO transition_practice_search (organisation_id, id, words) VALUES (new.organisation_id, new.id, new.words);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER transition_practice_refound AFTER UPDATE OF words ON transition_practice WHEN new.words <> old.words BEGIN
    UPDATE transition_practice_search SET words = new.words WHERE organisation_id = new.organisation_id AND id = new.id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER transition_practice_lost AFTER DELETE ON transition_practice BEGIN
    DELETE FROM transition_practice_search WHERE organisation_id = old.organisation_id AND id = old.id;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER transition_practice_lost;
DROP TRIGGER transition_practice_refound;
DROP TRIGGER transition_practice_found;
DROP TABLE transition_practice_search;
