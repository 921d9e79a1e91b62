-- The ledger of issued alerts: it only grows. It belongs to no generation, and to a role of its own that nobody is a member of, so that no
-- role of SkyLedger's can alter or drop its tables. docs/decisions/022 tells what holds it and what that is worth.
--
-- Runs with the administrator as the session's user (`Instance.connectToMigrate`): the private cluster's superuser, or who `--database` names.
SET LOCAL ROLE NONE;

DO $$
BEGIN
    IF to_regrole('skyledger_ledger') IS NULL THEN
        CREATE ROLE skyledger_ledger NOLOGIN;
    END IF;
    -- For as long as the tables are made; taken back at the end.
    IF NOT pg_has_role(current_user, 'skyledger_ledger', 'USAGE') THEN
        GRANT skyledger_ledger TO CURRENT_USER;
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'the database''s user may not make the role skyledger_ledger: have an administrator create it, and grant it to the user while the ledger is made'
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE SCHEMA ledger AUTHORIZATION skyledger_ledger;
SET LOCAL ROLE skyledger_ledger;
COMMENT ON SCHEMA ledger IS 'alerts as they were issued; rows are added and never changed or removed';

CREATE TABLE ledger."Schema" (
    "schemaId"   integer PRIMARY KEY,
    "text"       text NOT NULL,
    "sha256"     bytea NOT NULL CHECK ("sha256" = sha256(convert_to("text", 'UTF8'))),
    "recordedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE ledger."Schema" IS 'Avro schemas of packets, self-contained';

CREATE TABLE ledger."Dictionary" (
    "dictionaryId" integer PRIMARY KEY,
    "bytes"        bytea NOT NULL,
    "sha256"       bytea NOT NULL CHECK ("sha256" = sha256("bytes")),
    "recordedAt"   timestamptz NOT NULL DEFAULT clock_timestamp()
);
ALTER TABLE ledger."Dictionary" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;
COMMENT ON TABLE ledger."Dictionary" IS 'zstd dictionaries that packets are compressed with; the newest serves new packets';

-- A batch is what one visit-detector issued. "batchId" is taken before the rows are written and may leave gaps; "number" is the place in the
-- chain, without gaps, taken last.
CREATE SEQUENCE ledger."BatchId" AS bigint;
CREATE TABLE ledger."Batch" (
    "number"       bigint PRIMARY KEY CHECK ("number" > 0),
    "batchId"      bigint NOT NULL UNIQUE,
    "generation"   integer NOT NULL,
    "visit"        bigint NOT NULL,
    "detector"     integer NOT NULL,
    "kind"         text NOT NULL CHECK (octet_length("kind") BETWEEN 1 AND 32),
    "issuedMjdTai" double precision NOT NULL,
    "count"        integer NOT NULL CHECK ("count" > 0),
    "manifest"     bytea NOT NULL CHECK (length("manifest") = 40 * "count"),
    "root"         bytea NOT NULL CHECK (length("root") = 32),
    "previousLink" bytea NOT NULL CHECK (length("previousLink") = 32),
    "link"         bytea NOT NULL CHECK (length("link") = 32),
    "recordedAt"   timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE ("visit", "detector", "generation", "kind")
);
ALTER TABLE ledger."Batch" ALTER COLUMN "manifest" SET STORAGE EXTERNAL;
CREATE INDEX "Batch_issuedMjdTai" ON ledger."Batch" ("issuedMjdTai");
COMMENT ON COLUMN ledger."Batch"."manifest" IS 'for each alert in order its alertId (8 bytes, big-endian) and its leaf of the Merkle tree (32 bytes)';
COMMENT ON COLUMN ledger."Batch"."root" IS 'root of the Merkle tree over the leaves (RFC 6962)';
COMMENT ON COLUMN ledger."Batch"."link" IS 'SHA-256 over the previous link, the root and the header';

CREATE TABLE ledger."Alert" (
    "alertId"       bigint NOT NULL,
    "diaSourceId"   bigint,
    "generation"    integer NOT NULL,
    "visit"         bigint NOT NULL,
    "detector"      integer NOT NULL,
    "kind"          text NOT NULL,
    "diaObjectId"   bigint,
    "ssObjectId"    bigint,
    "ra"            double precision NOT NULL,
    "dec"           double precision NOT NULL,
    "pixelId"       bigint NOT NULL,
    "issuedMjdTai"  double precision NOT NULL,
    "queriedMjdTai" double precision,
    "isLate"        boolean NOT NULL,
    "schemaId"      integer NOT NULL,
    "sha256"        bytea NOT NULL CHECK (length("sha256") = 32),
    "sizeBytes"     integer NOT NULL,
    "dictionaryId"  integer,
    "batchId"       bigint NOT NULL,
    "place"         integer NOT NULL CHECK ("place" >= 0),
    "packet"        bytea NOT NULL,
    PRIMARY KEY ("batchId", "place", "issuedMjdTai")
) PARTITION BY RANGE ("issuedMjdTai");
-- It is compressed already.
ALTER TABLE ledger."Alert" ALTER COLUMN "packet" SET STORAGE EXTERNAL;
CREATE INDEX "Alert_alertId" ON ledger."Alert" ("alertId");
CREATE INDEX "Alert_diaObjectId" ON ledger."Alert" ("diaObjectId") WHERE "diaObjectId" IS NOT NULL;
CREATE INDEX "Alert_ssObjectId" ON ledger."Alert" ("ssObjectId") WHERE "ssObjectId" IS NOT NULL;
CREATE INDEX "Alert_pixelId" ON ledger."Alert" ("pixelId");
COMMENT ON COLUMN ledger."Alert"."sha256" IS 'of the packet''s bytes before compression';
COMMENT ON COLUMN ledger."Alert"."sizeBytes" IS 'bytes of the packet before compression';
COMMENT ON COLUMN ledger."Alert"."queriedMjdTai" IS 'time as of which the histories in the packet were read, MJD TAI';
COMMENT ON COLUMN ledger."Alert"."packet" IS 'one zstd frame';
-- Never filled. While it is there, PostgreSQL refuses DETACH PARTITION CONCURRENTLY, which no trigger could stop in time.
CREATE TABLE ledger."Alert_none" PARTITION OF ledger."Alert" (CHECK (false)) DEFAULT;

CREATE TABLE ledger."Refused" (
    "alertId"         bigint NOT NULL,
    "generation"      integer NOT NULL,
    "visit"           bigint NOT NULL,
    "detector"        integer NOT NULL,
    "kind"            text NOT NULL,
    "sha256"          bytea NOT NULL,
    "offeredSha256"   bytea NOT NULL,
    "offeredSchemaId" integer NOT NULL,
    "recordedAt"      timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY ("alertId", "offeredSha256")
);
COMMENT ON TABLE ledger."Refused" IS 'alerts that were offered again with other bytes than those that were issued';

CREATE TABLE ledger."Publication" (
    "channel"     text NOT NULL,
    "number"      bigint NOT NULL REFERENCES ledger."Batch",
    "published"   integer NOT NULL DEFAULT 0,
    "attempts"    integer NOT NULL DEFAULT 0,
    "lastFailure" text,
    "completedAt" timestamptz,
    PRIMARY KEY ("channel", "number")
);
COMMENT ON TABLE ledger."Publication" IS 'how far each batch was published on each channel; the one table of the ledger that changes';

CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'the ledger only grows: % of ledger."%" is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- Also where session_replication_role turns ordinary triggers off.
CREATE FUNCTION ledger.guard(relation regclass) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER "AppendOnly" BEFORE UPDATE OR DELETE OR TRUNCATE ON %s
        FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()', relation);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER "AppendOnly"', relation);
END $$;
REVOKE EXECUTE ON FUNCTION ledger.guard FROM PUBLIC;

SELECT ledger.guard(relation)
FROM unnest(ARRAY['ledger."Schema"', 'ledger."Dictionary"', 'ledger."Batch"', 'ledger."Alert"', 'ledger."Alert_none"', 'ledger."Refused"']::regclass[])
    AS relation;

-- The chain has one end. Who holds it until its commit decides what comes next; it is taken last in a transaction (docs/decisions/022).
CREATE FUNCTION ledger.lock_chain() RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('skyledger ledger chain', 0));
    -- A statement of its own: it sees what the holder before committed.
    RETURN (SELECT coalesce(max("number"), 0) FROM ledger."Batch");
END $$;
COMMENT ON FUNCTION ledger.lock_chain IS 'takes the end of the chain and gives its number';

CREATE FUNCTION ledger.header("number" bigint, batch_id bigint, generation integer, visit bigint, detector integer, kind text, issued double precision,
                              count integer)
RETURNS bytea LANGUAGE sql IMMUTABLE
RETURN convert_to('skyledger-batch-1', 'UTF8') || int8send("number") || int8send(batch_id) || int4send(generation) || int8send(visit)
    || int4send(detector) || int4send(count) || float8send(issued) || int4send(octet_length(kind)) || convert_to(kind, 'UTF8');
COMMENT ON FUNCTION ledger.header IS 'canonical bytes of a batch''s header; numbers big-endian';

-- Whoever inserts a batch, it continues the chain.
CREATE FUNCTION ledger.continue_chain() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    NEW."number" := ledger.lock_chain() + 1;
    NEW."previousLink" := coalesce((SELECT "link" FROM ledger."Batch" WHERE "number" = NEW."number" - 1), decode(repeat('00', 32), 'hex'));
    NEW."link" := sha256(NEW."previousLink" || NEW."root" || ledger.header(NEW."number", NEW."batchId", NEW."generation", NEW."visit",
        NEW."detector", NEW."kind", NEW."issuedMjdTai", NEW."count"));
    RETURN NEW;
END $$;
CREATE TRIGGER "Chain" BEFORE INSERT ON ledger."Batch" FOR EACH ROW EXECUTE FUNCTION ledger.continue_chain();
ALTER TABLE ledger."Batch" ENABLE ALWAYS TRIGGER "Chain";

-- The month (of TAI) that a time of issue lies in. Runs with the ledger's rights, so that nobody else needs them.
CREATE FUNCTION ledger.make_partition(issued double precision) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    month date;
    partition text;
BEGIN
    IF issued IS NULL OR NOT issued BETWEEN 40000 AND 100000 THEN
        RAISE EXCEPTION 'the time of issue % is no MJD between the years 1968 and 2132', issued USING ERRCODE = 'invalid_parameter_value';
    END IF;
    month := date_trunc('month', (date '1858-11-17' + floor(issued)::integer)::timestamp)::date;
    partition := 'Alert_' || to_char(month, 'YYYY_MM');
    IF to_regclass(format('ledger.%I', partition)) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('skyledger ledger partition', 0));
    IF to_regclass(format('ledger.%I', partition)) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE ledger.%I (LIKE ledger."Alert" INCLUDING ALL)', partition);
    EXECUTE format('ALTER TABLE ledger."Alert" ATTACH PARTITION ledger.%I FOR VALUES FROM (%L) TO (%L)', partition,
        (month - date '1858-11-17')::double precision, ((month + interval '1 month')::date - date '1858-11-17')::double precision);
    PERFORM ledger.guard(format('ledger.%I', partition)::regclass);
END $$;
REVOKE EXECUTE ON FUNCTION ledger.make_partition FROM PUBLIC;

GRANT USAGE ON SCHEMA ledger TO skyledger_owner, skyledger_ingest, skyledger_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO skyledger_owner, skyledger_ingest, skyledger_reader;
GRANT INSERT ON ledger."Schema", ledger."Dictionary", ledger."Batch", ledger."Alert", ledger."Refused" TO skyledger_ingest;
GRANT INSERT, UPDATE ON ledger."Publication" TO skyledger_ingest;
GRANT USAGE ON SEQUENCE ledger."BatchId" TO skyledger_ingest;
GRANT EXECUTE ON FUNCTION ledger.make_partition TO skyledger_owner, skyledger_ingest;

SET LOCAL ROLE NONE;
-- What even a superuser cannot do by mistake. Future migrations of the ledger disable the two event triggers while they work. Their functions
-- stand apart, for DROP SCHEMA ... CASCADE and DROP OWNED would take the triggers along before they are asked.
CREATE SCHEMA ledger_guard;
COMMENT ON SCHEMA ledger_guard IS 'what keeps the schema ledger from being altered or dropped';
CREATE FUNCTION ledger_guard.refuse_alteration() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    context text;
    refused record;
BEGIN
    GET DIAGNOSTICS context = PG_CONTEXT;
    IF context LIKE '%PL/pgSQL function ledger.make_partition(%' THEN
        RETURN;
    END IF;
    SELECT command_tag, object_identity INTO refused FROM pg_event_trigger_ddl_commands()
    WHERE (command_tag LIKE 'ALTER %' OR command_tag IN ('CREATE TRIGGER', 'CREATE RULE', 'CREATE FUNCTION', 'CREATE POLICY'))
      AND (schema_name = 'ledger' OR object_type = 'schema' AND object_identity = 'ledger' OR object_identity LIKE '% on ledger.%'
           OR classid = 'pg_class'::regclass AND objid IN (SELECT oid FROM pg_class WHERE relowner = to_regrole('skyledger_ledger'))
           OR classid = 'pg_namespace'::regclass AND objid IN (SELECT oid FROM pg_namespace WHERE nspowner = to_regrole('skyledger_ledger')))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the ledger is not altered: % of % is refused', refused.command_tag, refused.object_identity
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;

CREATE FUNCTION ledger_guard.refuse_drop() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    identity text;
BEGIN
    SELECT object_identity INTO identity FROM pg_event_trigger_dropped_objects()
    WHERE NOT is_temporary AND (schema_name = 'ledger' OR object_identity LIKE '% on ledger.%' OR object_type = 'schema' AND object_name = 'ledger')
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the ledger only grows: dropping % is refused', identity USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END $$;

DO $$
DECLARE
    database text := current_database();
BEGIN
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        CREATE EVENT TRIGGER skyledger_ledger_alteration ON ddl_command_end EXECUTE FUNCTION ledger_guard.refuse_alteration();
        CREATE EVENT TRIGGER skyledger_ledger_drop ON sql_drop EXECUTE FUNCTION ledger_guard.refuse_drop();
        ALTER EVENT TRIGGER skyledger_ledger_alteration ENABLE ALWAYS;
        ALTER EVENT TRIGGER skyledger_ledger_drop ENABLE ALWAYS;
        -- Who owns a database may drop it.
        IF (SELECT datdba FROM pg_database WHERE datname = database) = 'skyledger_owner'::regrole THEN
            EXECUTE format('ALTER DATABASE %I OWNER TO CURRENT_USER', database);
            EXECUTE format('GRANT CREATE, CONNECT, TEMPORARY ON DATABASE %I TO skyledger_owner', database);
        END IF;
    END IF;
    -- A superuser needs no membership; whoever else made the tables gives it back. Where that is not allowed, `alerts verify` says so.
    IF pg_has_role(current_user, 'skyledger_ledger', 'MEMBER') AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        REVOKE skyledger_ledger FROM CURRENT_USER;
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE WARNING 'the ledger is less protected than it could be: %', SQLERRM;
END $$;
SET LOCAL ROLE skyledger_owner;
