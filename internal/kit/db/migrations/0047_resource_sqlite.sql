-- Full-text search over resources on SQLite.

-- +goose Up
CREATE VIRTUAL TABLE learning_resource_search USING fts5(organisation_id UNINDEXED, id UNINDEXED, words);
INSERT INTO learning_resource_search (organisation_id, id, words) SELECT organisation_id, id, words FROM learning_resource;

-- +goose StatementBegin
CREATE TRIGGER learning_resource_found AFTER INSERT ON learning_resource BEGIN
    INSERT INTO learning_resource_search (organisation_id, id, words) VALUES (new.organisation_id, new.id, new.words);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER learning_resource_refound AFTER UPDATE OF words ON learning_resource WHEN new.words <> old.words BEGIN
    DELETE FROM learning_resource_search WHERE organisation_id = new.organisation_id AND id = new.id;
    INSERT INTO learning_resource_search (organisation_id, id, words) VALUES (new.organisation_id, new.id, new.words);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER learning_resource_lost AFTER DELETE ON learning_resource BEGIN
    DELETE FROM learning_resource_search WHERE organisation_id = old.organisation_id AND id = old.id;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER learning_resource_lost;
DROP TRIGGER learning_resource_refound;
DROP TRIGGER learning_resource_found;
DROP TABLE learning_resource_search;
