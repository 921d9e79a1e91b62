-- The change feed: every transaction that changes Level-1 rows stamps what it inserts with a key and announces itself, as its last work, in
-- skyledger."Change". docs/decisions/024 tells what a consumer may rely on.
CREATE SEQUENCE skyledger."ReplicaKey" AS bigint;

CREATE TABLE skyledger."ReplicaChunk" (
    "chunk"       bigint PRIMARY KEY CHECK ("chunk" > 0),
    "firstChange" bigint NOT NULL UNIQUE,
    "lastChange"  bigint NOT NULL UNIQUE,
    "sealedAt"    timestamptz NOT NULL DEFAULT clock_timestamp(),
    "nRows"       bigint NOT NULL,
    "sizeBytes"   bigint NOT NULL,
    CHECK ("lastChange" >= "firstChange")
);
COMMENT ON TABLE skyledger."ReplicaChunk" IS 'changes in order, cut into pieces that a consumer applies in one transaction each';

CREATE TABLE skyledger."Change" (
    "change"     bigint PRIMARY KEY,
    "replicaKey" bigint NOT NULL UNIQUE,
    "generation" integer NOT NULL,
    "kind"       text NOT NULL CHECK ("kind" IN ('before', 'store', 'forced', 'update')),
    "visit"      bigint,
    "detector"   integer,
    "operation"  bigint,
    "nRows"      bigint NOT NULL,
    "sizeBytes"  bigint NOT NULL,
    "chunk"      bigint REFERENCES skyledger."ReplicaChunk",
    "recordedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX "Change_unsealed" ON skyledger."Change" ("change") WHERE "chunk" IS NULL;
CREATE INDEX "Change_chunk" ON skyledger."Change" ("chunk", "change") WHERE "chunk" IS NOT NULL;
COMMENT ON TABLE skyledger."Change" IS 'committed changes of Level-1 data: numbers without gaps, in the order of commits';
COMMENT ON COLUMN skyledger."Change"."replicaKey" IS 'what the rows carry that the change inserted; 0: all rows from before there was a feed';
COMMENT ON COLUMN skyledger."Change"."sizeBytes" IS 'bytes of the rows, reckoned from the widths of their columns';

CREATE TABLE skyledger."ReplicaExport" (
    "consumer"   text NOT NULL,
    "chunk"      bigint NOT NULL REFERENCES skyledger."ReplicaChunk",
    "exportedAt" timestamptz NOT NULL DEFAULT clock_timestamp(),
    "verifiedAt" timestamptz,
    PRIMARY KEY ("consumer", "chunk")
);
COMMENT ON TABLE skyledger."ReplicaExport" IS 'which chunk is in which consumer''s database, and since when it is known to be there unharmed';

-- The key of the transaction's change; null where none was begun, which the column refuses: no row comes in that no change announces.
CREATE FUNCTION skyledger.replica_key() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('skyledger.replica_key', true), '')::bigint;

-- Begins a change: until the transaction's end its rows carry this key.
CREATE FUNCTION skyledger.begin_change() RETURNS bigint LANGUAGE sql VOLATILE
RETURN set_config('skyledger.replica_key', nextval('skyledger."ReplicaKey"')::text, true)::bigint;

-- The feed has one end. Who holds it until its commit decides what comes next, so that a number that is visible implies all below it. It is
-- taken last in a transaction, after the end of the ledger's chain where that is taken too.
CREATE FUNCTION skyledger.continue_feed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('skyledger change feed', 0));
    NEW."change" := (SELECT coalesce(max("change"), 0) + 1 FROM skyledger."Change");
    NEW."recordedAt" := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER "Feed" BEFORE INSERT ON skyledger."Change" FOR EACH ROW EXECUTE FUNCTION skyledger.continue_feed();

-- Who cleans the bookkeeping leaves the newest change and the newest chunk: the next numbers follow from them. Argument: the number's column.
CREATE FUNCTION skyledger.keep_newest() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_newest boolean;
BEGIN
    EXECUTE format('SELECT ($1).%1$I >= max(%1$I) FROM skyledger.%2$I', TG_ARGV[0], TG_TABLE_NAME) INTO is_newest USING OLD;
    IF is_newest THEN
        RAISE EXCEPTION 'the newest row of % stays: the next number follows from it', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER "Newest" BEFORE DELETE ON skyledger."Change" FOR EACH ROW EXECUTE FUNCTION skyledger.keep_newest('change');
CREATE TRIGGER "Newest" BEFORE DELETE ON skyledger."ReplicaChunk" FOR EACH ROW EXECUTE FUNCTION skyledger.keep_newest('chunk');

-- Stamps the rows of a generation. Those that stand there already are of key 0.
-- Sources are written in the order of their keys, so that a block range index finds them; versions move between partitions when they end.
CREATE FUNCTION skyledger.make_replication(generation text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    relation text;
BEGIN
    FOREACH relation IN ARRAY ARRAY['DiaSource', 'DiaForcedSource', 'DiaObject', 'SSSource', 'UpdateRecord'] LOOP
        CONTINUE WHEN to_regclass(format('%I.%I', generation, relation)) IS NULL;
        EXECUTE format('ALTER TABLE %I.%I ADD COLUMN IF NOT EXISTS "replicaKey" bigint NOT NULL DEFAULT 0', generation, relation);
        EXECUTE format('ALTER TABLE %I.%I ALTER COLUMN "replicaKey" SET DEFAULT skyledger.replica_key()', generation, relation);
        EXECUTE format('COMMENT ON COLUMN %I.%I."replicaKey" IS ''of the change that inserted the row; of SkyLedger''''s own''', generation, relation);
        IF relation IN ('DiaSource', 'DiaForcedSource') THEN
            EXECUTE format('CREATE INDEX %I ON %I.%I USING brin ("replicaKey") WITH (pages_per_range = 16, autosummarize = on)',
                relation || '_replicaKey', generation, relation);
        ELSE
            EXECUTE format('CREATE INDEX %I ON %I.%I ("replicaKey")', relation || '_replicaKey', generation, relation);
        END IF;
    END LOOP;
END $$;

-- Who the instance is: a consumer's database belongs to one.
INSERT INTO skyledger."Setting" VALUES ('instanceId', gen_random_uuid()::text, true);

-- Generations of older programs. When an instance is made, none stands here yet.
DO $$
DECLARE
    generation record;
    relation text;
    n bigint;
    total bigint := 0;
BEGIN
    FOR generation IN SELECT "generationId" AS id, "schemaName" AS name FROM skyledger."Generation" LOOP
        PERFORM skyledger.make_replication(generation.name);
        FOREACH relation IN ARRAY ARRAY['DiaSource', 'DiaForcedSource', 'DiaObject', 'SSSource', 'UpdateRecord'] LOOP
            CONTINUE WHEN to_regclass(format('%I.%I', generation.name, relation)) IS NULL;
            EXECUTE format('CREATE OR REPLACE VIEW apdb.%2$I AS SELECT * FROM %1$I.%2$I', generation.name, relation);
            EXECUTE format('GRANT SELECT ON apdb.%I TO skyledger_reader, skyledger_ingest', relation);
            EXECUTE format('SELECT count(*) FROM %I.%I', generation.name, relation) INTO n;
            total := total + n;
        END LOOP;
        IF total > 0 THEN
            INSERT INTO skyledger."Change" ("replicaKey", "generation", "kind", "nRows", "sizeBytes")
            VALUES (0, generation.id, 'before', total, total * 400);
        END IF;
    END LOOP;
END $$;

GRANT SELECT ON skyledger."Change", skyledger."ReplicaChunk", skyledger."ReplicaExport" TO skyledger_reader, skyledger_ingest;
GRANT INSERT ON skyledger."Change", skyledger."ReplicaChunk" TO skyledger_ingest;
GRANT UPDATE ("chunk") ON skyledger."Change" TO skyledger_ingest;
GRANT INSERT, UPDATE, DELETE ON skyledger."ReplicaExport" TO skyledger_ingest;
GRANT USAGE ON SEQUENCE skyledger."ReplicaKey" TO skyledger_ingest;
