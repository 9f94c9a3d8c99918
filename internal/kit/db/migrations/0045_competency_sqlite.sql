-- Full-text search over competencies on SQLite.

-- +goose Up
CREATE VIRTUAL TABLE learning_competency_search USING fts5(organisation_id UNINDEXED, id UNINDEXED, words);
INSERT INTO learning_competency_search (organisation_id, id, words) SELECT organisation_id, id, words FROM learning_competency;

-- +goose StatementBegin
CREATE TRIGGER learning_competency_found AFTER INSERT ON learning_competency BEGIN
    INSERT INTO learning_competency_search (organisation_id, id, words) VALUES (new.organisation_id, new.id, new.words);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER learning_competency_refound AFTER UPDATE OF words ON learning_competency WHEN new.words <> old.words BEGIN
    DELETE FROM learning_competency_search WHERE organisation_id = new.organisation_id AND id = new.id;
    INSERT INTO learning_competency_search (organisation_id, id, words) VALUES (new.organisation_id, new.id, new.words);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER learning_competency_lost AFTER DELETE ON learning_competency BEGIN
    DELETE FROM learning_competency_search WHERE organisation_id = old.organisation_id AND id = old.id;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER learning_competency_lost;
DROP TRIGGER learning_competency_refound;
DROP TRIGGER learning_competency_found;
DROP TABLE learning_competency_search;
