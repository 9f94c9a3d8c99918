-- Full-text search on SQLite holds what is shared alone, and forgets for good what is deleted.

-- +goose Up
DROP TRIGGER transition_practice_lost;
DROP TRIGGER transition_practice_refound;
DROP TRIGGER transition_practice_found;
DROP TABLE transition_practice_search;
CREATE VIRTUAL TABLE transition_practice_search USING fts5(organisation_id UNINDEXED, id UNINDEXED, words);
INSERT INTO transition_practice_search (transition_practice_search, rank) VALUES ('secure-delete', 1);
UPDATE transition_practice SET words = REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(words, 'ł', 'l'), 'ø', 'o'), 'đ', 'd'), 'ð', 'd'), 'þ', 'th'), 'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'ı', 'i'), 'ħ', 'h'), 'ς', 'σ'); -- folded as new ones are
INSERT INTO transition_practice_search (organisation_id, id, words) SELECT organisation_id, id, words FROM transition_practice WHERE shared_at > 0;

-- +goose StatementBegin
CREATE TRIGGER transition_practice_found AFTER INSERT ON transition_practice WHEN new.shared_at > 0 BEGIN
    INSERT INTO transition_practice_search (organisation_id, id, words) VALUES (new.organisation_id, new.id, new.words);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER transition_practice_refound AFTER UPDATE ON transition_practice WHEN new.shared_at > 0 AND (new.words <> old.words OR old.shared_at = 0) BEGIN
    DELETE FROM transition_practice_search WHERE organisation_id = new.organisation_id AND id = new.id;
    INSERT INTO transition_practice_search (organisation_id, id, words) VALUES (new.organisation_id, new.id, new.words);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER transition_practice_lost AFTER DELETE ON transition_practice WHEN old.shared_at > 0 BEGIN
    DELETE FROM transition_practice_search WHERE organisation_id = old.organisation_id AND id = old.id;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER transition_practice_lost;
DROP TRIGGER transition_practice_refound;
DROP TRIGGER transition_practice_found;
DROP TABLE transition_practice_search;
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
