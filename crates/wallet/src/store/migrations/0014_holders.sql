-- How many have a version is counted when it is given or deleted, not when it is looked at:
-- thousands may have it.

ALTER TABLE attribute_version ADD COLUMN holders INTEGER NOT NULL DEFAULT 0;

UPDATE attribute_version SET holders = living.holders
    FROM (
        SELECT attribute_id, count(*) AS holders FROM local_attribute_share_info
            WHERE direction = 'forwarded' AND deletion_status IS NOT 'DeletedByRecipient'
            GROUP BY attribute_id
    ) AS living
    WHERE attribute_version.attribute_id = living.attribute_id;

CREATE TRIGGER holder_is_counted AFTER INSERT ON local_attribute_share_info
WHEN new.direction = 'forwarded' AND new.deletion_status IS NOT 'DeletedByRecipient'
BEGIN
    UPDATE attribute_version SET holders = holders + 1 WHERE attribute_id = new.attribute_id;
END;

CREATE TRIGGER holder_is_counted_anew
AFTER UPDATE OF deletion_status ON local_attribute_share_info
WHEN new.direction = 'forwarded'
BEGIN
    UPDATE attribute_version
        SET holders = holders + (new.deletion_status IS NOT 'DeletedByRecipient')
            - (old.deletion_status IS NOT 'DeletedByRecipient')
        WHERE attribute_id = new.attribute_id;
END;

CREATE TRIGGER holder_is_counted_no_more AFTER DELETE ON local_attribute_share_info
WHEN old.direction = 'forwarded' AND old.deletion_status IS NOT 'DeletedByRecipient'
BEGIN
    UPDATE attribute_version SET holders = holders - 1 WHERE attribute_id = old.attribute_id;
END;
