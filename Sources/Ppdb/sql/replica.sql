-- Bookkeeping of a generation in a PPDB: which instance it follows, how far it is, what each chunk brought.
CREATE SCHEMA {replica};
COMMENT ON SCHEMA {replica} IS 'how the tables of the schema {tables} follow an instance''s change feed';

CREATE TABLE {replica}."Setting" (
    "name"  text PRIMARY KEY,
    "value" text NOT NULL
);

-- One row: the last chunk that was applied, and the last change in it. It moves in the transaction that applies.
CREATE TABLE {replica}."Cursor" (
    "isOnly"     boolean PRIMARY KEY DEFAULT true CHECK ("isOnly"),
    "chunk"      bigint NOT NULL,
    "lastChange" bigint NOT NULL,
    "movedAt"    timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO {replica}."Cursor" ("chunk", "lastChange") VALUES (0, 0);

CREATE TABLE {replica}."Chunk" (
    "chunk"       bigint PRIMARY KEY,
    "firstChange" bigint NOT NULL,
    "lastChange"  bigint NOT NULL,
    "appliedAt"   timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE {replica}."Change" (
    "change"     bigint PRIMARY KEY,
    "replicaKey" bigint NOT NULL UNIQUE,
    "kind"       text NOT NULL,
    "visit"      bigint,
    "detector"   integer,
    "recordedAt" timestamptz NOT NULL,
    "chunk"      bigint NOT NULL REFERENCES {replica}."Chunk"
);
CREATE INDEX "Change_chunk" ON {replica}."Change" ("chunk");

-- What a chunk's rows are in sum, over all columns, in the state after everything that was applied: updates move it along.
CREATE TABLE {replica}."ChunkTable" (
    "chunk"    bigint NOT NULL REFERENCES {replica}."Chunk",
    "table"    text NOT NULL,
    "nRows"    bigint NOT NULL,
    "checksum" numeric NOT NULL,
    PRIMARY KEY ("chunk", "table")
);
COMMENT ON COLUMN {replica}."ChunkTable"."checksum" IS 'sum of hash_record_extended over the rows: their order does not matter';

CREATE TABLE {replica}."SmallTable" (
    "table"       text PRIMARY KEY,
    "nRows"       bigint NOT NULL,
    "checksum"    numeric NOT NULL,
    "refreshedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE {replica}."SmallTable" IS 'tables that are copied whole when they changed; the checksum is the instance''s';

CREATE TABLE {replica}."UpdateRecord" (
    "operation"    bigint NOT NULL,
    "updateOrder"  integer NOT NULL,
    "updateMjdTai" double precision NOT NULL,
    "updateType"   text NOT NULL,
    "tableName"    text NOT NULL,
    "diaSourceId"  bigint,
    "diaObjectId"  bigint,
    "visit"        bigint,
    "detector"     integer,
    "before"       jsonb NOT NULL,
    "after"        jsonb NOT NULL,
    "cause"        text NOT NULL,
    "recordedAt"   timestamptz NOT NULL,
    "replicaKey"   bigint NOT NULL,
    "generation"   integer NOT NULL,
    PRIMARY KEY ("operation", "updateOrder")
);
CREATE INDEX "UpdateRecord_diaSourceId" ON {replica}."UpdateRecord" ("diaSourceId") WHERE "diaSourceId" IS NOT NULL;
CREATE INDEX "UpdateRecord_diaObjectId" ON {replica}."UpdateRecord" ("diaObjectId") WHERE "diaObjectId" IS NOT NULL;
CREATE INDEX "UpdateRecord_replicaKey" ON {replica}."UpdateRecord" ("replicaKey");
