-- Level-2 catalogs of releases: read-only tables with columns of their own, each release's in a schema of its own (docs/decisions/033).
CREATE TABLE skyledger."Level2" (
    "release"    text PRIMARY KEY REFERENCES skyledger."Release",
    "schemaName" text NOT NULL UNIQUE,
    "generation" integer NOT NULL REFERENCES skyledger."Generation",
    "files"      jsonb NOT NULL,
    "nSources"   bigint NOT NULL,
    "nObjects"   bigint NOT NULL,
    "roles"      jsonb NOT NULL,
    "summary"    jsonb,
    "attachedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE skyledger."Level2" IS 'Level-2 catalogs that are attached, and the generation that they are matched with';
COMMENT ON COLUMN skyledger."Level2"."files" IS 'what they were made of: path, bytes and SHA-256 of each';
COMMENT ON COLUMN skyledger."Level2"."summary" IS 'what the match found; null until it is made';
GRANT SELECT ON skyledger."Level2" TO skyledger_reader, skyledger_ingest;

COMMENT ON COLUMN skyledger."CrosswalkObject"."kind" IS
    'same, split, merged, mixed, vanished, new; or minor: a link that says nothing of what became of either object';
COMMENT ON COLUMN skyledger."CrosswalkObject"."nShared" IS 'sources of both objects that are each other''s partners; 0: linked by position';
COMMENT ON COLUMN skyledger."CrosswalkObject"."nOld" IS 'sources of the old object whose partner has an object';
COMMENT ON COLUMN skyledger."CrosswalkObject"."nNew" IS 'sources of the new object whose partner has an object';

-- Indexes of a crosswalk are built in bulk, and pglz would take most of that time (docs/decisions/033): the owner may choose another compression
-- for its transaction. Where the administrator may not give that away, it stays as it is.
SET LOCAL ROLE NONE;
DO $$
BEGIN
    GRANT SET ON PARAMETER wal_compression TO skyledger_owner;
EXCEPTION WHEN insufficient_privilege OR syntax_error THEN
    NULL;
END $$;
SET LOCAL ROLE skyledger_owner;
