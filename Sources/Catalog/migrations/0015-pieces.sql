-- Releases of one region or one range of time, and of every row the generation that made it (docs/decisions/035).

-- A release that replaces a piece begins in two steps: it is entered, then its generation gets a copy of what lies outside the piece.
ALTER TABLE skyledger."Release" DROP CONSTRAINT "Release_state_check";
ALTER TABLE skyledger."Release" ADD CONSTRAINT "Release_state_check"
    CHECK ("state" IN ('beginning', 'loading', 'joined', 'published', 'retired', 'abandoned'));
DROP INDEX skyledger."Release_open";
CREATE UNIQUE INDEX "Release_open" ON skyledger."Release" ((true)) WHERE "state" IN ('beginning', 'loading', 'joined', 'published');
COMMENT ON COLUMN skyledger."Release"."state" IS
    'beginning: its generation waits for its copy of what lies outside the piece; loading: visits of the nights wait in ReleaseQueue; joined: they are stored in both generations; published: its generation is current, and visits wait for the former one; retired: the former generation is gone; abandoned: its own generation is gone';

CREATE TABLE skyledger."ReleasePiece" (
    "release"     text PRIMARY KEY REFERENCES skyledger."Release",
    "region"      text,
    "sinceMjdTai" double precision,
    CHECK ("region" IS NOT NULL OR "sinceMjdTai" IS NOT NULL)
);
COMMENT ON TABLE skyledger."ReleasePiece" IS 'what releases replace that replace a piece: visit-detectors whose centre lies in the region, after a time, up to the cutoff';
COMMENT ON COLUMN skyledger."ReleasePiece"."region" IS '"circle ...", "polygon ..." or "box ..." in degrees; null: the whole sky';
COMMENT ON COLUMN skyledger."ReleasePiece"."sinceMjdTai" IS 'visits up to here, and those after the cutoff, stay as they are; null: all times, and those after the cutoff follow from the nights';

-- What the copy of a release that replaces a piece wrote, until its changes are announced: the copy reads one snapshot, the feed's end does not.
CREATE TABLE skyledger."PieceChange" (
    "replicaKey" bigint PRIMARY KEY,
    "release"    text NOT NULL REFERENCES skyledger."Release",
    "nRows"      bigint NOT NULL,
    "sizeBytes"  bigint NOT NULL
);
GRANT SELECT ON skyledger."ReleasePiece", skyledger."PieceChange" TO skyledger_reader, skyledger_ingest;

CREATE OR REPLACE FUNCTION skyledger.enter_generation(generation integer)
RETURNS TABLE ("state" text, "release" text, "releaseState" text, "other" integer) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('skyledger releases', 0));
    RETURN QUERY
    SELECT g."state", r."release", r."state", CASE WHEN r."generation" = g."generationId" THEN r."fromGeneration" ELSE r."generation" END
    FROM skyledger."Generation" AS g
    LEFT JOIN skyledger."Release" AS r
        ON r."state" IN ('beginning', 'loading', 'joined', 'published') AND g."generationId" IN (r."generation", r."fromGeneration")
    WHERE g."generationId" = $1;
END $$;

-- What a generation takes over of another is a change of its own.
ALTER TABLE skyledger."Change" DROP CONSTRAINT "Change_kind_check";
ALTER TABLE skyledger."Change" ADD CONSTRAINT "Change_kind_check" CHECK ("kind" IN ('before', 'store', 'forced', 'update', 'copy'));

-- Rows say which generation made them: their own, unless it took them over. Updates of a row leave it as it is.
CREATE FUNCTION skyledger.make_provenance(generation text, id integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    relation text;
BEGIN
    FOREACH relation IN ARRAY ARRAY['DiaSource', 'DiaForcedSource', 'DiaObject', 'DiaObjectLast', 'SSSource', 'UpdateRecord', 'VisitDetector'] LOOP
        CONTINUE WHEN to_regclass(format('%I.%I', generation, relation)) IS NULL;
        EXECUTE format('ALTER TABLE %I.%I ADD COLUMN IF NOT EXISTS "generation" integer NOT NULL DEFAULT %s', generation, relation, id);
        EXECUTE format('ALTER TABLE %I.%I ALTER COLUMN "generation" SET DEFAULT %s', generation, relation, id);
        EXECUTE format('COMMENT ON COLUMN %I.%I."generation" IS ''that made the row; of SkyLedger''''s own''', generation, relation);
    END LOOP;
END $$;

-- Generations of older programs. When an instance is made, none stands here yet.
DO $$
DECLARE
    generation record;
    relation text;
    views text;
BEGIN
    FOR generation IN SELECT "generationId" AS id, "schemaName" AS name, "state" FROM skyledger."Generation" LOOP
        CONTINUE WHEN to_regnamespace(generation.name) IS NULL;
        PERFORM skyledger.make_provenance(generation.name, generation.id);
        views := CASE generation."state" WHEN 'current' THEN 'apdb' ELSE 'apdb_' || substr(generation.name, 4) END;
        CONTINUE WHEN to_regnamespace(views) IS NULL;
        FOREACH relation IN ARRAY ARRAY['DiaSource', 'DiaForcedSource', 'DiaObject', 'DiaObjectLast', 'SSSource', 'UpdateRecord', 'VisitDetector'] LOOP
            CONTINUE WHEN to_regclass(format('%I.%I', generation.name, relation)) IS NULL;
            EXECUTE format('CREATE OR REPLACE VIEW %3$I.%2$I AS SELECT * FROM %1$I.%2$I', generation.name, relation, views);
        END LOOP;
    END LOOP;
END $$;
