-- What somebody stands for, who was recognised for a result, and where the head of learning sits.

-- +goose Up
CREATE TABLE strategy_signoff (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    period TEXT NOT NULL,
    results TEXT NOT NULL,       -- JSON: the figures as they were signed off
    remark TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE UNIQUE INDEX strategy_signoff_period ON strategy_signoff (organisation_id, unit_id, period);

CREATE TABLE strategy_recognition (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    goal_id TEXT NOT NULL,       -- whose result it is for
    unit_id TEXT NOT NULL,
    unit_name TEXT NOT NULL,
    person_id TEXT NOT NULL,     -- '' for the unit
    person_key TEXT NOT NULL,
    person_name TEXT NOT NULL,
    what TEXT NOT NULL,
    visible TEXT NOT NULL,       -- owner, unit, everyone: as whoever it is of has chosen
    made_by TEXT NOT NULL,
    made_by_key TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, goal_id) REFERENCES strategy_goal
);
CREATE INDEX strategy_recognition_goal ON strategy_recognition (organisation_id, goal_id);
CREATE INDEX strategy_recognition_unit ON strategy_recognition (organisation_id, unit_id);
CREATE INDEX strategy_recognition_person ON strategy_recognition (organisation_id, person_id);

CREATE TABLE strategy_seat (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    since TEXT NOT NULL,
    seated BOOLEAN NOT NULL,     -- the head of learning sits in the senior leadership team
    note TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, since)
);

-- +goose Down
DROP TABLE strategy_seat;
DROP TABLE strategy_recognition;
DROP TABLE strategy_signoff;
