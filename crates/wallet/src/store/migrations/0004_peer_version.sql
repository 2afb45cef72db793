-- Which generation of enmeshed a peer speaks, by the latest sign of it; NULL while it showed none.

ALTER TABLE peer ADD COLUMN protocol_version TEXT CHECK (protocol_version IN ('v6', 'v7'));
