-- Which characteristics the comments of a published set are about, as people have grouped them.

-- +goose Up
CREATE TABLE diagnosis_coding (
    organisation_id TEXT NOT NULL,
    diagnosis_id TEXT NOT NULL,
    comment INTEGER NOT NULL, -- its place in the published set, which never changes
    item TEXT NOT NULL,       -- id of a characteristic
    PRIMARY KEY (organisation_id, diagnosis_id, comment, item),
    FOREIGN KEY (organisation_id, diagnosis_id) REFERENCES diagnosis_diagnosis
);

-- +goose Down
DROP TABLE diagnosis_coding;
