-- Invariant 3: validity intervals [start, end) of one object never overlap.
-- DiaObject is partitioned by the time at which a version's validity ended, so no one index spans it; this trigger is the constraint.
-- It locks the tiles of the new rows first (the lock that a store holds already), so that two transactions cannot each miss the other's row.
-- Arguments: names of the columns of validity start and end. Joins by hash or merge would read the whole table for a handful of rows.
CREATE FUNCTION skyledger.refuse_overlapping_validity() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    object bigint;
    whole regclass := coalesce(pg_partition_root(TG_RELID), TG_RELID);
BEGIN
    PERFORM pg_advisory_xact_lock(skyledger.lock_class(whole), tile) FROM (SELECT DISTINCT tile FROM stored ORDER BY tile) AS touched;
    -- A closed version that ends after a new one begins and begins before it ends; of the partitions only those that end late enough are read.
    -- The open partition's unique index keeps a second open version out; a closed one must end before the open one begins.
    EXECUTE format($query$
        SELECT n."diaObjectId" FROM stored AS n
        WHERE EXISTS (SELECT FROM %1$s AS o
                      WHERE o."diaObjectId" = n."diaObjectId" AND o.%3$I > n.%2$I AND o.%2$I < coalesce(n.%3$I, 'infinity')
                        AND (o.%2$I <> n.%2$I OR o.%3$I IS DISTINCT FROM n.%3$I))
           OR n.%3$I IS NOT NULL AND EXISTS (SELECT FROM %1$s AS o WHERE o."diaObjectId" = n."diaObjectId" AND o.%3$I IS NULL AND o.%2$I < n.%3$I)
        LIMIT 1 $query$, whole, TG_ARGV[0], TG_ARGV[1]) INTO object;
    IF object IS NOT NULL THEN
        RAISE EXCEPTION 'validity intervals of DiaObject % overlap', object
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'DiaObject_validity', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END $$;

-- The first key of the advisory locks on tiles of a generation; the second is the tile.
CREATE FUNCTION skyledger.lock_class(objects regclass) RETURNS integer LANGUAGE sql IMMUTABLE
RETURN (objects::oid::bigint % 2147483647)::integer;

-- Puts the rule on a table of object versions: the partitioned table and each partition, whichever is written to.
CREATE FUNCTION skyledger.guard_validity(objects regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    validity_start name := (SELECT attname FROM pg_attribute WHERE attrelid = objects AND attname IN ('validityStartMjdTai', 'validityStart'));
    validity_end name := (SELECT attname FROM pg_attribute WHERE attrelid = objects AND attname IN ('validityEndMjdTai', 'validityEnd'));
BEGIN
    EXECUTE format('CREATE TRIGGER "DiaObject_validity_insert" AFTER INSERT ON %s REFERENCING NEW TABLE AS stored
        FOR EACH STATEMENT EXECUTE FUNCTION skyledger.refuse_overlapping_validity(%L, %L)', objects, validity_start, validity_end);
    EXECUTE format('CREATE TRIGGER "DiaObject_validity_update" AFTER UPDATE ON %s REFERENCING NEW TABLE AS stored
        FOR EACH STATEMENT EXECUTE FUNCTION skyledger.refuse_overlapping_validity(%L, %L)', objects, validity_start, validity_end);
END $$;
