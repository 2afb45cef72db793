-- Which own Attributes were made of which, version by version: a city of an address, a name of several
-- names. What is deleted was neither made of anything, nor is anything made of it.

CREATE TABLE attribute_source (
    attribute_id TEXT NOT NULL REFERENCES local_attribute (id) ON DELETE CASCADE,
    source_id    TEXT NOT NULL REFERENCES local_attribute (id) ON DELETE CASCADE,
    PRIMARY KEY (attribute_id, source_id),
    CHECK (attribute_id <> source_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX attribute_source_by_source ON attribute_source (source_id, attribute_id);
