-- Generations of Level-1 data: one complete lineage each, in a database schema of its own; exactly one is current.
CREATE TABLE skyledger."Generation" (
    "generationId"   integer PRIMARY KEY,
    "schemaName"     text NOT NULL UNIQUE,
    "state"          text NOT NULL CHECK ("state" IN ('current', 'next', 'former')),
    "documentYaml"   text NOT NULL,
    "documentDigest" text NOT NULL,
    "schemaVersion"  text,
    "createdAt"      timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX "Generation_current" ON skyledger."Generation" ("state") WHERE "state" = 'current';

CREATE TABLE skyledger."SchemaChange" (
    "generationId" integer NOT NULL REFERENCES skyledger."Generation",
    "fromVersion"  text,
    "toVersion"    text,
    "plan"         text NOT NULL,
    "changedAt"    timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE skyledger."SchemaChange" IS 'migrations of a generation from one schema document to a newer one';
