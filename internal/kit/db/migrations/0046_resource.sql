-- What one learns by, when it can be had, who asked for it and what came of it.

-- +goose Up
CREATE TABLE learning_resource (
    organisation_id TEXT NOT NULL REFERENCES org_organisation,
    id TEXT NOT NULL,
    key TEXT NOT NULL,           -- short name in files
    name TEXT NOT NULL,
    note TEXT NOT NULL,
    uri TEXT NOT NULL,
    modality TEXT NOT NULL,
    form TEXT NOT NULL,          -- formal, work-based; '' as the modality is
    external BOOLEAN NOT NULL,
    provider TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    owner_key TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    language TEXT NOT NULL,
    minutes BIGINT NOT NULL,     -- that it takes; 0 where it is not known
    price BIGINT NOT NULL,       -- for one participant, in the currency's smallest unit
    currency TEXT NOT NULL,      -- '' where it costs nothing
    capacity BIGINT NOT NULL,    -- places or licences; 0 for no limit
    approved BOOLEAN NOT NULL,   -- asking for it needs the manager's yes
    words TEXT NOT NULL,         -- as search looks at it
    ended TEXT NOT NULL,         -- day, '' while it is offered
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE UNIQUE INDEX learning_resource_key ON learning_resource (organisation_id, key);
CREATE INDEX learning_resource_name ON learning_resource (organisation_id, name, id);

-- What a resource is for: a competency, a role, a result of a performance model, a goal.
CREATE TABLE learning_aim (
    organisation_id TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    level BIGINT NOT NULL,       -- of a competency: to which it brings somebody; 0 where it is not said
    PRIMARY KEY (organisation_id, resource_id, kind, target_id),
    FOREIGN KEY (organisation_id, resource_id) REFERENCES learning_resource
);
CREATE INDEX learning_aim_target ON learning_aim (organisation_id, kind, target_id);

-- What comes before a resource.
CREATE TABLE learning_need (
    organisation_id TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    needed_id TEXT NOT NULL,
    PRIMARY KEY (organisation_id, resource_id, needed_id),
    FOREIGN KEY (organisation_id, resource_id) REFERENCES learning_resource
);

CREATE TABLE learning_offering (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    begins TEXT NOT NULL,
    ends TEXT NOT NULL,
    place TEXT NOT NULL,
    places BIGINT NOT NULL,      -- 0 for no limit
    cost BIGINT NOT NULL,        -- of the offering itself, in the currency's smallest unit
    currency TEXT NOT NULL,
    cancelled BOOLEAN NOT NULL,
    held BOOLEAN NOT NULL,       -- it is noted who came
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, resource_id) REFERENCES learning_resource
);
CREATE INDEX learning_offering_resource ON learning_offering (organisation_id, resource_id, begins);
CREATE INDEX learning_offering_begins ON learning_offering (organisation_id, begins);

-- Who asked for a place, or was given one, and what came of it.
CREATE TABLE learning_request (
    organisation_id TEXT NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    person_key TEXT NOT NULL,
    person_name TEXT NOT NULL,
    unit_id TEXT NOT NULL,       -- where they worked when it was asked for
    unit_key TEXT NOT NULL,
    unit_name TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    offering_id TEXT NOT NULL,   -- '' for none
    needed TEXT NOT NULL,        -- from this day
    why TEXT NOT NULL,
    state TEXT NOT NULL,         -- asked, waiting, placed, completed, not-done, refused, withdrawn
    decided TEXT NOT NULL,       -- who said yes or no
    answer TEXT NOT NULL,
    access TEXT NOT NULL,        -- since this day, '' while there is none
    done TEXT NOT NULL,          -- day, '' while it is open
    minutes BIGINT NOT NULL,     -- that it took; 0 for those of the resource
    result TEXT NOT NULL,
    source TEXT NOT NULL,        -- name of the file that it came with, '' for none
    reference TEXT NOT NULL,     -- by which that knows it
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (organisation_id, id),
    FOREIGN KEY (organisation_id, resource_id) REFERENCES learning_resource
);
CREATE INDEX learning_request_person ON learning_request (organisation_id, person_id, state);
CREATE INDEX learning_request_resource ON learning_request (organisation_id, resource_id, state);
CREATE INDEX learning_request_offering ON learning_request (organisation_id, offering_id, state);
CREATE INDEX learning_request_needed ON learning_request (organisation_id, needed);
CREATE INDEX learning_request_reference ON learning_request (organisation_id, reference);

-- +goose Down
DROP TABLE learning_request;
DROP TABLE learning_offering;
DROP TABLE learning_need;
DROP TABLE learning_aim;
DROP TABLE learning_resource;
