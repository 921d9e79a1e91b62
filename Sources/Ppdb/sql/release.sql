-- Crosswalks of data releases: what sources and objects of one generation are in another. Copied whole, version by version; they belong to no
-- generation and stay when one goes.
CREATE SCHEMA IF NOT EXISTS release;
COMMENT ON SCHEMA release IS 'what data releases made of sources and objects';

CREATE TABLE IF NOT EXISTS release."Crosswalk" (
    "crosswalk"      integer PRIMARY KEY,
    "release"        text NOT NULL,
    "fromGeneration" integer NOT NULL,
    "toGeneration"   integer NOT NULL,
    "rules"          text NOT NULL,
    "nSources"       bigint NOT NULL,
    "nObjects"       bigint NOT NULL,
    "lastChange"     bigint NOT NULL,
    "summary"        jsonb NOT NULL,
    "madeAt"         timestamptz NOT NULL
);
COMMENT ON TABLE release."Crosswalk" IS 'versions; the newest of a pair of generations holds';

CREATE TABLE IF NOT EXISTS release."CrosswalkSource" (
    "crosswalk"        integer NOT NULL REFERENCES release."Crosswalk",
    "oldDiaSourceId"   bigint,
    "newDiaSourceId"   bigint,
    "separationArcsec" real
);
CREATE INDEX IF NOT EXISTS "CrosswalkSource_old" ON release."CrosswalkSource" ("oldDiaSourceId");
CREATE INDEX IF NOT EXISTS "CrosswalkSource_new" ON release."CrosswalkSource" ("newDiaSourceId");

CREATE TABLE IF NOT EXISTS release."CrosswalkObject" (
    "crosswalk"        integer NOT NULL REFERENCES release."Crosswalk",
    "oldDiaObjectId"   bigint,
    "newDiaObjectId"   bigint,
    "kind"             text NOT NULL,
    "nShared"          integer NOT NULL,
    "nOld"             integer NOT NULL,
    "nNew"             integer NOT NULL,
    "separationArcsec" real
);
CREATE INDEX IF NOT EXISTS "CrosswalkObject_old" ON release."CrosswalkObject" ("oldDiaObjectId");
CREATE INDEX IF NOT EXISTS "CrosswalkObject_new" ON release."CrosswalkObject" ("newDiaObjectId");

-- What was copied, in count and sum of hashes over the rows.
CREATE TABLE IF NOT EXISTS release."CrosswalkCopy" (
    "crosswalk" integer NOT NULL REFERENCES release."Crosswalk",
    "table"     text NOT NULL,
    "nRows"     bigint NOT NULL,
    "checksum"  numeric NOT NULL,
    "copiedAt"  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY ("crosswalk", "table")
);

DO $$
BEGIN
    IF to_regrole('skyledger_reader') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA release TO skyledger_reader;
        GRANT SELECT ON ALL TABLES IN SCHEMA release TO skyledger_reader;
    END IF;
END $$;
