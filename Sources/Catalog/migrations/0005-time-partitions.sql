-- Making a partition is the one change of tables that loading needs. It runs with the owner's rights, so that the ingest role need not own
-- the tables. The new table is made beside its parent and then attached, which blocks neither readers nor writers of the parent.
CREATE FUNCTION skyledger.make_time_partition(generation text, parent text, partition text, lower_bound text, upper_bound text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF generation !~ '^l1_[0-9]+(_[a-z]+)?$' OR NOT EXISTS (SELECT FROM skyledger."Generation" WHERE "schemaName" = generation) THEN
        RAISE EXCEPTION 'there is no generation %', generation USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(generation || '.' || parent, 0));
    IF to_regclass(format('%I.%I', generation, partition)) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %1$I.%2$I (LIKE %1$I.%3$I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', generation, partition, parent);
    EXECUTE format('ALTER TABLE %1$I.%3$I ATTACH PARTITION %1$I.%2$I FOR VALUES FROM (%4$L) TO (%5$L)', generation, partition, parent, lower_bound, upper_bound);
    IF parent = 'DiaObject_closed' THEN
        PERFORM skyledger.guard_validity(format('%I.%I', generation, partition)::regclass);
    END IF;
    EXECUTE format('GRANT SELECT ON %I.%I TO skyledger_reader', generation, partition);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I.%I TO skyledger_ingest', generation, partition);
END $$;
