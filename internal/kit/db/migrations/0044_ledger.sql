-- The ledger of efforts for every hour and euro: by which modality, paid by whom, costs by unit, files that come in and can be
-- taken back, and what it adds up to, kept beside it.

-- +goose Up
ALTER TABLE effort_entry ADD COLUMN modality TEXT NOT NULL DEFAULT '';   -- '' for not stated
ALTER TABLE effort_entry ADD COLUMN managed TEXT NOT NULL DEFAULT '';    -- central, local, '' for not stated
ALTER TABLE effort_entry ADD COLUMN supplier TEXT NOT NULL DEFAULT '';
ALTER TABLE effort_entry ADD COLUMN unit_id TEXT NOT NULL DEFAULT '';    -- for whom, where no hours say it
ALTER TABLE effort_entry ADD COLUMN feed BIGINT NOT NULL DEFAULT 0;      -- number of the file that it came with, 0 for none
ALTER TABLE effort_entry ADD COLUMN replaced_by BIGINT NOT NULL DEFAULT 0; -- number of the file whose row takes its place, 0 for none
DROP INDEX effort_entry_day;
CREATE INDEX effort_entry_day ON effort_entry (organisation_id, day, id); -- with the id, so that the newest are read without sorting a day
CREATE INDEX effort_entry_feed ON effort_entry (organisation_id, feed, day);
CREATE INDEX effort_entry_replaced ON effort_entry (organisation_id, replaced_by) WHERE replaced_by > 0;

-- The day of the entry, so that hours of a unit, a person and a month lie together.
ALTER TABLE effort_hours ADD COLUMN day TEXT NOT NULL DEFAULT '';
UPDATE effort_hours SET day = (SELECT e.day FROM effort_entry e WHERE e.organisation_id = effort_hours.organisation_id AND e.id = effort_hours.entry_id);
CREATE INDEX effort_hours_unit ON effort_hours (organisation_id, unit_id, day);
CREATE INDEX effort_hours_person ON effort_hours (organisation_id, person_id, day);

ALTER TABLE effort_serves ADD COLUMN day TEXT NOT NULL DEFAULT '';
UPDATE effort_serves SET day = (SELECT e.day FROM effort_entry e WHERE e.organisation_id = effort_serves.organisation_id AND e.id = effort_serves.entry_id);
DROP INDEX effort_serves_target;
CREATE INDEX effort_serves_target ON effort_serves (organisation_id, kind, target_id, day);

-- Costs belong to units. What was spent goes to the units of an entry's participants in proportion to their minutes (else of its
-- staff); what does not divide evenly goes to the largest remainders.
ALTER TABLE effort_cost RENAME TO effort_cost_before;
CREATE TABLE effort_cost (
    organisation_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    unit_id TEXT NOT NULL DEFAULT '', -- '' where it is not known
    kind TEXT NOT NULL,          -- internal, supplier, tuition
    currency TEXT NOT NULL,      -- ISO 4217
    amount BIGINT NOT NULL,      -- in its smallest unit
    day TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (organisation_id, entry_id, unit_id, kind, currency),
    FOREIGN KEY (organisation_id, entry_id) REFERENCES effort_entry ON DELETE CASCADE
);
INSERT INTO effort_cost (organisation_id, entry_id, unit_id, kind, currency, amount, day)
WITH by_side AS (
    SELECT organisation_id, entry_id, side, unit_id, CAST(SUM(minutes) AS BIGINT) AS minutes FROM effort_hours GROUP BY organisation_id, entry_id, side, unit_id
), weights AS (
    SELECT organisation_id, entry_id, unit_id, minutes, CAST(SUM(minutes) OVER (PARTITION BY organisation_id, entry_id) AS BIGINT) AS whole FROM by_side s
    WHERE side = 'participant' OR NOT EXISTS (SELECT 1 FROM effort_hours h WHERE h.organisation_id = s.organisation_id AND h.entry_id = s.entry_id AND h.side = 'participant')
), parts AS (
    SELECT c.organisation_id, c.entry_id, COALESCE(w.unit_id, '') AS unit_id, c.kind, c.currency, c.amount,
        c.amount * COALESCE(w.minutes, 1) / COALESCE(w.whole, 1) AS part, c.amount * COALESCE(w.minutes, 1) % COALESCE(w.whole, 1) AS remainder
    FROM effort_cost_before c LEFT JOIN weights w ON w.organisation_id = c.organisation_id AND w.entry_id = c.entry_id
), ranked AS (
    SELECT organisation_id, entry_id, unit_id, kind, currency, part,
        amount - CAST(SUM(part) OVER (PARTITION BY organisation_id, entry_id, kind, currency) AS BIGINT) AS over,
        ROW_NUMBER() OVER (PARTITION BY organisation_id, entry_id, kind, currency ORDER BY remainder DESC, unit_id) AS place
    FROM parts
)
SELECT r.organisation_id, r.entry_id, r.unit_id, r.kind, r.currency, r.part + CASE WHEN r.place <= r.over THEN 1 ELSE 0 END, e.day
FROM ranked r JOIN effort_entry e ON e.organisation_id = r.organisation_id AND e.id = r.entry_id
WHERE r.part > 0 OR r.place <= r.over;
DROP TABLE effort_cost_before;
CREATE INDEX effort_cost_unit ON effort_cost (organisation_id, unit_id, day);

-- What came in together.
CREATE TABLE effort_feed (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    number BIGINT NOT NULL,
    source TEXT NOT NULL,        -- name of the file
    digest TEXT NOT NULL,        -- SHA-256 of its content, in hexadecimal
    state TEXT NOT NULL,         -- coming, there, going
    entries BIGINT NOT NULL,
    replaced BIGINT NOT NULL,    -- entries of earlier files whose place it took
    taken TEXT NOT NULL,         -- while it is going: entries up to this day do not count any more
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, number)
);

CREATE TABLE effort_lease (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

-- What the entries of a month come to, packed: of a unit alone, of one with all under it, of the whole, and of what serves something.
CREATE TABLE effort_tally (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    subject TEXT NOT NULL,       -- own, unit, whole, or the kind of a target
    month TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    packed BYTEA NOT NULL,
    PRIMARY KEY (organisation_id, subject, month, subject_id)
);

-- The tree of units that the tallies were made with; no row where none have been made.
CREATE TABLE effort_tree (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    stamp TEXT NOT NULL,
    PRIMARY KEY (organisation_id)
);

-- Numbers by which packed tallies know people.
CREATE TABLE effort_person (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    person_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, person_id)
);
CREATE UNIQUE INDEX effort_person_number ON effort_person (organisation_id, number);

CREATE TABLE effort_setting (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    currency TEXT NOT NULL,      -- ISO 4217
    reference BIGINT NOT NULL,   -- share of work that is no learning, per cent
    function_units TEXT NOT NULL, -- JSON: ids of the units that are the learning function
    PRIMARY KEY (organisation_id)
);

CREATE TABLE effort_rate (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    own TEXT NOT NULL,           -- the currency in which
    currency TEXT NOT NULL,      -- one of this
    month TEXT NOT NULL,         -- from this month on
    rate DOUBLE PRECISION NOT NULL, -- is worth so much
    PRIMARY KEY (organisation_id, own, currency, month)
);

-- Dated changes of how the learning function works.
CREATE TABLE effort_change (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    day TEXT NOT NULL,
    what TEXT NOT NULL,
    units TEXT NOT NULL,         -- JSON: ids; none for the whole
    expected TEXT NOT NULL,      -- effect on which indicator, in words
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX effort_change_day ON effort_change (organisation_id, day);

-- +goose Down
DROP TABLE effort_change;
DROP TABLE effort_rate;
DROP TABLE effort_setting;
DROP TABLE effort_person;
DROP TABLE effort_tree;
DROP TABLE effort_tally;
DROP TABLE effort_lease;
DROP TABLE effort_feed;
ALTER TABLE effort_cost RENAME TO effort_cost_after;
CREATE TABLE effort_cost (
    organisation_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, entry_id, kind, currency),
    FOREIGN KEY (organisation_id, entry_id) REFERENCES effort_entry ON DELETE CASCADE
);
INSERT INTO effort_cost (organisation_id, entry_id, kind, currency, amount)
SELECT organisation_id, entry_id, kind, currency, SUM(amount) FROM effort_cost_after GROUP BY organisation_id, entry_id, kind, currency;
DROP TABLE effort_cost_after;
DROP INDEX effort_serves_target;
ALTER TABLE effort_serves DROP COLUMN day;
CREATE INDEX effort_serves_target ON effort_serves (organisation_id, kind, target_id);
DROP INDEX effort_hours_person;
DROP INDEX effort_hours_unit;
ALTER TABLE effort_hours DROP COLUMN day;
DROP INDEX effort_entry_replaced;
DROP INDEX effort_entry_feed;
DROP INDEX effort_entry_day;
CREATE INDEX effort_entry_day ON effort_entry (organisation_id, day);
ALTER TABLE effort_entry DROP COLUMN replaced_by;
ALTER TABLE effort_entry DROP COLUMN feed;
ALTER TABLE effort_entry DROP COLUMN unit_id;
ALTER TABLE effort_entry DROP COLUMN supplier;
ALTER TABLE effort_entry DROP COLUMN managed;
ALTER TABLE effort_entry DROP COLUMN modality;
