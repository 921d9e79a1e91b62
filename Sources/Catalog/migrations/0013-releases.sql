-- Data releases: each makes a generation of its own beside the current one and may put it in its place (docs/decisions/031).
CREATE TABLE skyledger."Release" (
    "release"        text PRIMARY KEY CHECK ("release" ~ '^[A-Za-z][A-Za-z0-9_.-]{0,31}$'),
    "fromGeneration" integer NOT NULL REFERENCES skyledger."Generation",
    "generation"     integer NOT NULL UNIQUE REFERENCES skyledger."Generation",
    "cutoffMjdTai"   double precision NOT NULL,
    "state"          text NOT NULL DEFAULT 'loading' CHECK ("state" IN ('loading', 'joined', 'published', 'retired', 'abandoned')),
    "configuration"  text NOT NULL,
    "begunAt"        timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- One at a time: the next begins when the one before has come to its end.
CREATE UNIQUE INDEX "Release_open" ON skyledger."Release" ((true)) WHERE "state" IN ('loading', 'joined', 'published');
COMMENT ON TABLE skyledger."Release" IS 'data releases; the generation of one is filled beside the current one, then put in its place';
COMMENT ON COLUMN skyledger."Release"."fromGeneration" IS 'the generation that was current when the release began';
COMMENT ON COLUMN skyledger."Release"."cutoffMjdTai" IS 'visits up to here are the release''s input; later ones follow from the nights';
COMMENT ON COLUMN skyledger."Release"."state" IS
    'loading: visits of the nights wait in ReleaseQueue; joined: they are stored in both generations; published: its generation is current, and visits wait for the former one; retired: the former generation is gone; abandoned: its own generation is gone';
COMMENT ON COLUMN skyledger."Release"."configuration" IS 'settings (YAML) that its generation is made under';

CREATE TABLE skyledger."ReleaseStep" (
    "number"     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "release"    text NOT NULL REFERENCES skyledger."Release",
    "step"       text NOT NULL CHECK ("step" IN ('begin', 'load', 'catch-up', 'join', 'crosswalk', 'attach-level2', 'check', 'publish', 'rollback', 'retire', 'abandon')),
    "detail"     jsonb NOT NULL DEFAULT '{}',
    "finishedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE skyledger."ReleaseStep" IS 'what was done for releases, in order';

-- What one generation has and the other lacks. The transaction that stores a visit-detector in one generation enters it for the other, and
-- removes its own entry.
CREATE TABLE skyledger."ReleaseQueue" (
    "generation"     integer NOT NULL REFERENCES skyledger."Generation",
    "midpointMjdTai" double precision NOT NULL,
    "visit"          bigint NOT NULL,
    "detector"       integer NOT NULL,
    "queuedAt"       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY ("generation", "visit", "detector")
);
CREATE INDEX "ReleaseQueue_order" ON skyledger."ReleaseQueue" ("generation", "midpointMjdTai", "visit", "detector");
COMMENT ON COLUMN skyledger."ReleaseQueue"."generation" IS 'that lacks the visit-detector';

-- What swaps did, for consumers that follow (a PPDB on another server): a row commits with the swap.
CREATE TABLE skyledger."ReleaseSwap" (
    "number"         bigint PRIMARY KEY,
    "release"        text NOT NULL REFERENCES skyledger."Release",
    "kind"           text NOT NULL CHECK ("kind" IN ('publish', 'rollback')),
    "fromGeneration" integer NOT NULL REFERENCES skyledger."Generation",
    "toGeneration"   integer NOT NULL REFERENCES skyledger."Generation",
    "report"         text,
    "lastChange"     bigint NOT NULL,
    "swappedAt"      timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON COLUMN skyledger."ReleaseSwap"."report" IS 'hash of the report that it was published with';
COMMENT ON COLUMN skyledger."ReleaseSwap"."lastChange" IS 'newest change of the feed before the swap';

-- Reports of checks, named by the SHA-256 of their JSON.
CREATE TABLE skyledger."ReleaseReport" (
    "report"    text PRIMARY KEY CHECK (length("report") = 64),
    "release"   text NOT NULL REFERENCES skyledger."Release",
    "passes"    boolean NOT NULL,
    "state"     text NOT NULL,
    "json"      text NOT NULL,
    "madeAt"    timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON COLUMN skyledger."ReleaseReport"."state" IS 'digest of what was checked (release_state): a report of another state is stale';

-- Crosswalks stand outside the generations and stay when these go.
CREATE TABLE skyledger."Crosswalk" (
    "crosswalk"      integer PRIMARY KEY CHECK ("crosswalk" > 0),
    "release"        text NOT NULL REFERENCES skyledger."Release",
    "fromGeneration" integer NOT NULL,
    "toGeneration"   integer NOT NULL,
    "rules"          text NOT NULL,
    "nSources"       bigint NOT NULL,
    "nObjects"       bigint NOT NULL,
    "lastChange"     bigint NOT NULL,
    "summary"        jsonb NOT NULL,
    "madeAt"         timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE skyledger."Crosswalk" IS 'versions of what the sources and objects of one generation are in another; the newest of a pair of generations holds';
COMMENT ON COLUMN skyledger."Crosswalk"."lastChange" IS 'newest change of the feed that it covers';

CREATE TABLE skyledger."CrosswalkSource" (
    "crosswalk"        integer NOT NULL,
    "oldDiaSourceId"   bigint,
    "newDiaSourceId"   bigint,
    "separationArcsec" real,
    CHECK ("oldDiaSourceId" IS NOT NULL OR "newDiaSourceId" IS NOT NULL)
) PARTITION BY LIST ("crosswalk");
CREATE INDEX "CrosswalkSource_old" ON skyledger."CrosswalkSource" ("oldDiaSourceId") INCLUDE ("newDiaSourceId");
CREATE INDEX "CrosswalkSource_new" ON skyledger."CrosswalkSource" ("newDiaSourceId") INCLUDE ("oldDiaSourceId");
COMMENT ON TABLE skyledger."CrosswalkSource" IS 'old and new sources, one to one; an old one without a new one vanished, a new one without an old one is new';

CREATE TABLE skyledger."CrosswalkObject" (
    "crosswalk"        integer NOT NULL,
    "oldDiaObjectId"   bigint,
    "newDiaObjectId"   bigint,
    "kind"             text NOT NULL,
    "nShared"          integer NOT NULL,
    "nOld"             integer NOT NULL,
    "nNew"             integer NOT NULL,
    "separationArcsec" real,
    CHECK ("oldDiaObjectId" IS NOT NULL OR "newDiaObjectId" IS NOT NULL)
) PARTITION BY LIST ("crosswalk");
CREATE INDEX "CrosswalkObject_old" ON skyledger."CrosswalkObject" ("oldDiaObjectId");
CREATE INDEX "CrosswalkObject_new" ON skyledger."CrosswalkObject" ("newDiaObjectId");
COMMENT ON TABLE skyledger."CrosswalkObject" IS 'every pair of an old and a new object that share sources or a place, and those without a partner';

-- Visit-detectors' alerts as the visit tables of retired generations said: the ledger's witness stays when a generation goes.
CREATE TABLE skyledger."AlertWitness" (
    "generation" integer NOT NULL,
    "visit"      bigint NOT NULL,
    "detector"   integer NOT NULL,
    "nAlerts"    integer NOT NULL,
    "alertRoot"  bytea,
    PRIMARY KEY ("generation", "visit", "detector")
);

-- A generation that may be worked on must stay what it is until the transaction's end. Every transaction that changes rows of a generation
-- calls this first; begin, join, publish and rollback take the lock alone.
CREATE FUNCTION skyledger.enter_generation(generation integer)
RETURNS TABLE ("state" text, "release" text, "releaseState" text, "other" integer) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('skyledger releases', 0));
    RETURN QUERY
    SELECT g."state", r."release", r."state", CASE WHEN r."generation" = g."generationId" THEN r."fromGeneration" ELSE r."generation" END
    FROM skyledger."Generation" AS g
    LEFT JOIN skyledger."Release" AS r
        ON r."state" IN ('loading', 'joined', 'published') AND g."generationId" IN (r."generation", r."fromGeneration")
    WHERE g."generationId" = $1;
END $$;

-- The same, alone: for what changes which generation is what.
CREATE FUNCTION skyledger.hold_generations() RETURNS void LANGUAGE sql AS
$$ SELECT pg_advisory_xact_lock(hashtextextended('skyledger releases', 0)) $$;

GRANT SELECT ON skyledger."Release", skyledger."ReleaseStep", skyledger."ReleaseQueue", skyledger."ReleaseSwap", skyledger."ReleaseReport",
    skyledger."Crosswalk", skyledger."CrosswalkSource", skyledger."CrosswalkObject", skyledger."AlertWitness"
    TO skyledger_reader, skyledger_ingest;
GRANT INSERT ON skyledger."ReleaseStep" TO skyledger_ingest;
GRANT INSERT, DELETE ON skyledger."ReleaseQueue" TO skyledger_ingest;
