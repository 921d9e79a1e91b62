-- The 30-day partitions of sources that both generations have, by number.
SELECT DISTINCT substring(c.relname FROM '_([0-9]+)$')::bigint AS "month"
FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
WHERE i.inhparent = '{old}."DiaSource"'::regclass AND NOT i.inhdetachpending AND c.relname ~ '_[0-9]+$'
  AND EXISTS (SELECT FROM pg_inherits AS j JOIN pg_class AS d ON d.oid = j.inhrelid
              WHERE j.inhparent = '{new}."DiaSource"'::regclass AND NOT j.inhdetachpending AND d.relname = c.relname)
ORDER BY 1
