-- How long what is kept, what was removed under which policy, and the files of the image cache.
CREATE TABLE skyledger."RetentionPolicy" (
    "number"    integer PRIMARY KEY,
    "yaml"      text NOT NULL,
    "cause"     text NOT NULL,
    "changedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE skyledger."RetentionPolicy" IS 'policies of retention; the newest is in force, none means the program''s defaults';

-- One row a step. That of a partition is written before the partition is detached and completed when it is dropped.
CREATE TABLE skyledger."RetentionRecord" (
    "record"      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "generation"  integer NOT NULL,
    "plan"        text NOT NULL,
    "policy"      integer NOT NULL,
    "nowMjdTai"   double precision NOT NULL,
    "tableName"   text NOT NULL,
    "partition"   text,
    "lowerMjdTai" double precision,
    "upperMjdTai" double precision,
    "nRows"       bigint NOT NULL,
    "sizeBytes"   bigint NOT NULL,
    "fingerprint" bigint NOT NULL DEFAULT 0,
    "isVerified"  boolean NOT NULL,
    "byWordOf"    text,
    "state"       text NOT NULL CHECK ("state" IN ('begun', 'done', 'undone')),
    "begunAt"     timestamptz NOT NULL DEFAULT clock_timestamp(),
    "endedAt"     timestamptz,
    CHECK ("isVerified" OR "byWordOf" IS NOT NULL),
    CHECK (("state" = 'begun') = ("endedAt" IS NULL))
);
COMMENT ON TABLE skyledger."RetentionRecord" IS 'what retention removed, when, and under which policy';
COMMENT ON COLUMN skyledger."RetentionRecord"."plan" IS 'hash of the plan that the step belongs to';
COMMENT ON COLUMN skyledger."RetentionRecord"."policy" IS 'number of the policy; 0 for the defaults, -1 for one of a file';
COMMENT ON COLUMN skyledger."RetentionRecord"."byWordOf" IS 'who had it removed unverified; null where it was verified in the PPDB or needed no verification';
COMMENT ON COLUMN skyledger."RetentionRecord"."state" IS 'begun: the partition may be detached already; undone: it was attached again';
CREATE INDEX "RetentionRecord_plan" ON skyledger."RetentionRecord" ("plan");
CREATE UNIQUE INDEX "RetentionRecord_begun" ON skyledger."RetentionRecord" ("generation", "partition") WHERE "state" = 'begun';

-- How many sources of each object a removed partition held, in arrays by groups of tiles: what nDiaSources counts beside those that are left.
CREATE TABLE skyledger."RetiredSource" (
    "record"      bigint NOT NULL REFERENCES skyledger."RetentionRecord",
    "tileGroup"   integer NOT NULL,
    "diaObjectId" bigint[] NOT NULL,
    "nDiaSources" integer[] NOT NULL,
    PRIMARY KEY ("record", "tileGroup"),
    CHECK (cardinality("diaObjectId") = cardinality("nDiaSources"))
);
ALTER TABLE skyledger."RetiredSource" ALTER COLUMN "diaObjectId" SET STORAGE EXTERNAL, ALTER COLUMN "nDiaSources" SET STORAGE EXTERNAL;
COMMENT ON TABLE skyledger."RetiredSource" IS 'sources that removed partitions of DiaSource held, by object; withdrawn ones are not counted';

-- The keys of changes whose bookkeeping is gone: all were verified in the PPDB. Rows that carry one of them are verified for ever.
CREATE TABLE skyledger."RetiredReplicaKeys" (
    "onlyRow" boolean PRIMARY KEY DEFAULT true CHECK ("onlyRow"),
    "keys"    int8multirange NOT NULL
);
INSERT INTO skyledger."RetiredReplicaKeys" ("keys") VALUES ('{}');

CREATE TABLE skyledger."CachedImage" (
    "image"          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "directory"      text,
    "path"           text NOT NULL,
    "visit"          bigint NOT NULL,
    "detector"       integer NOT NULL,
    "kind"           text NOT NULL CHECK ("kind" IN ('raw', 'processed', 'difference', 'science', 'template')),
    "sizeBytes"      bigint NOT NULL,
    "sha256"         bytea NOT NULL CHECK (length("sha256") = 32),
    "modifiedAtNs"   bigint NOT NULL,
    "addedMjdTai"    double precision NOT NULL,
    "expiresMjdTai"  double precision NOT NULL,
    "deletedMjdTai"  double precision,
    "deletedAt"      timestamptz,
    "isRemoved"      boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE skyledger."CachedImage" IS 'files of the image cache; rows stay when the files are deleted';
COMMENT ON COLUMN skyledger."CachedImage"."directory" IS 'the store; null for the folder images of the instance';
COMMENT ON COLUMN skyledger."CachedImage"."isRemoved" IS 'whether the file is gone from the disk after "deletedAt" was set';
CREATE INDEX "CachedImage_visit" ON skyledger."CachedImage" ("visit", "detector");
CREATE INDEX "CachedImage_expires" ON skyledger."CachedImage" ("expiresMjdTai") WHERE NOT "isRemoved";
CREATE UNIQUE INDEX "CachedImage_file" ON skyledger."CachedImage" ("visit", "detector", "kind", "sha256", (coalesce("directory", '')))
    WHERE "deletedAt" IS NULL;

GRANT SELECT ON skyledger."RetentionPolicy", skyledger."RetentionRecord", skyledger."RetiredSource", skyledger."RetiredReplicaKeys",
    skyledger."CachedImage" TO skyledger_reader, skyledger_ingest;
GRANT INSERT, UPDATE ON skyledger."CachedImage" TO skyledger_ingest;
GRANT USAGE ON SEQUENCE skyledger."CachedImage_image_seq" TO skyledger_ingest;

-- As in 0005, and a month that retention is removing is not taken for one that stands.
CREATE OR REPLACE FUNCTION skyledger.make_time_partition(generation text, parent text, partition text, lower_bound text, upper_bound text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    stands regclass;
BEGIN
    IF generation !~ '^l1_[0-9]+(_[a-z]+)?$' OR NOT EXISTS (SELECT FROM skyledger."Generation" WHERE "schemaName" = generation) THEN
        RAISE EXCEPTION 'there is no generation %', generation USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(generation || '.' || parent, 0));
    stands := to_regclass(format('%I.%I', generation, partition));
    IF stands IS NOT NULL THEN
        IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = stands AND NOT inhdetachpending) THEN
            RAISE EXCEPTION 'the month % is being removed by retention: finish that with `skyledger retention apply`, then repeat this', partition
                USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
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
