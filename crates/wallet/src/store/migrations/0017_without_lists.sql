-- A list of three words and more in a CHECK, a trigger or a view is a table in memory, which is made,
-- filled and overwritten for each row that is written. Comparisons are not. They mean the same, so
-- nothing that is stored changes, and the tables need not be written anew.

-- Nothing is looked for by it.
DROP INDEX relationship_by_status;

PRAGMA writable_schema = ON;

UPDATE sqlite_schema SET sql = replace(sql,
    'part.type IN (''text'', ''integer'', ''real'')',
    '(part.type = ''text'' OR part.type = ''integer'' OR part.type = ''real'')');
UPDATE sqlite_schema SET sql = replace(sql,
    'direction IN (''forwarded'', ''received'', ''relationship'')',
    'direction = ''forwarded'' OR direction = ''received'' OR direction = ''relationship''')
    WHERE name = 'local_attribute_share_info';
UPDATE sqlite_schema SET sql = replace(sql,
    'state IN (''queued'', ''sending'', ''delivered'', ''failed'')',
    'state = ''queued'' OR state = ''sending'' OR state = ''delivered'' OR state = ''failed''')
    WHERE name = 'outbox';
UPDATE sqlite_schema SET sql = replace(replace(sql,
    'state IN (''queued'', ''sent'', ''failed'', ''received'')',
    'state = ''queued'' OR state = ''sent'' OR state = ''failed'' OR state = ''received'''),
    'kind IN (''mail'', ''request'', ''response'', ''notification'', ''other'', ''closed'')',
    'kind = ''mail'' OR kind = ''request'' OR kind = ''response'' OR kind = ''notification''
        OR kind = ''other'' OR kind = ''closed''')
    WHERE name = 'message';
UPDATE sqlite_schema SET sql = replace(sql,
    'standing IN (''waiting'', ''active'', ''ended'')',
    'standing = ''waiting'' OR standing = ''active'' OR standing = ''ended''')
    WHERE name = 'contact';

PRAGMA writable_schema = RESET;
