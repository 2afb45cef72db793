-- What is given anew is compared with what the list says, not with everything that was ever given of
-- the Attribute: the row of the list is the best of all before.

DROP TRIGGER share_is_given;

CREATE TRIGGER share_is_given AFTER INSERT ON local_attribute_share_info
WHEN new.direction <> 'received'
BEGIN
    INSERT INTO given
        (chain, peer, share_id, attribute_id, rank, since, deletion_status, is_stale, value_type,
         value_text, search_text)
        SELECT chain, peer, share_id, attribute_id, rank, since, deletion_status, is_stale,
               value_type, value_text, search_text
            FROM given_entry
            WHERE attribute_id = new.attribute_id AND peer = new.peer AND share_id = new.id
        ON CONFLICT (chain, peer) DO UPDATE SET
            share_id = excluded.share_id, attribute_id = excluded.attribute_id,
            rank = excluded.rank, since = excluded.since,
            deletion_status = excluded.deletion_status, is_stale = excluded.is_stale,
            value_type = excluded.value_type, value_text = excluded.value_text,
            search_text = excluded.search_text
            WHERE (excluded.deletion_status IS NOT 'DeletedByRecipient',
                   excluded.rank, excluded.share_id)
                > (deletion_status IS NOT 'DeletedByRecipient', rank, share_id);
END;
