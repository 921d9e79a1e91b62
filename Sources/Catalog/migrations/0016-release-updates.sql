-- Updates made in one generation of an open release, and what became of them in the other (docs/decisions/036).
CREATE TABLE skyledger."ReleaseUpdate" (
    "number"     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "release"    text NOT NULL REFERENCES skyledger."Release",
    "generation" integer NOT NULL REFERENCES skyledger."Generation",
    "operation"  bigint,
    "kind"       text NOT NULL CHECK ("kind" IN ('withdraw', 'restore', 'withdraw-forced', 'restore-forced', 'reassign', 'reassign-ssobject',
                                                 'link', 'split', 'merge', 'close', 'forced', 'rematch')),
    "request"    jsonb NOT NULL,
    "cause"      text NOT NULL,
    "recordedAt" timestamptz NOT NULL DEFAULT clock_timestamp(),
    "state"      text NOT NULL DEFAULT 'waiting' CHECK ("state" IN ('waiting', 'done', 'skipped')),
    "reason"     text,
    "left"       jsonb NOT NULL DEFAULT '{}',
    "repeatedAs" bigint,
    "finishedAt" timestamptz,
    CHECK (("state" = 'waiting') = ("finishedAt" IS NULL))
);
CREATE INDEX "ReleaseUpdate_waiting" ON skyledger."ReleaseUpdate" ("generation", "number") WHERE "state" = 'waiting';
COMMENT ON TABLE skyledger."ReleaseUpdate" IS 'updates made while a release was open, each to be repeated in the generation that was not current';
COMMENT ON COLUMN skyledger."ReleaseUpdate"."generation" IS 'that lacks the update';
COMMENT ON COLUMN skyledger."ReleaseUpdate"."operation" IS 'its number in the UpdateRecord of the generation where it was made; null where it made no records';
COMMENT ON COLUMN skyledger."ReleaseUpdate"."request" IS 'what it was about, in the identifiers of the generation where it was made';
COMMENT ON COLUMN skyledger."ReleaseUpdate"."reason" IS 'why it, or a part of it, was not repeated, or waits still';
COMMENT ON COLUMN skyledger."ReleaseUpdate"."left" IS 'how many rows were left out, by reason';
COMMENT ON COLUMN skyledger."ReleaseUpdate"."repeatedAs" IS 'its number in the UpdateRecord of the generation that lacked it';

-- What came before an update is found by when it was queued.
CREATE INDEX "ReleaseQueue_queued" ON skyledger."ReleaseQueue" ("generation", "queuedAt");

GRANT SELECT ON skyledger."ReleaseUpdate" TO skyledger_reader, skyledger_ingest;
GRANT INSERT, UPDATE ON skyledger."ReleaseUpdate" TO skyledger_ingest;
