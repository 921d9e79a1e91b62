-- Changes after the fact, one record for each row that changed, in the order in which they must be replayed.
-- Records of one transaction share an operation. "before" and "after" hold the columns that changed.
CREATE SEQUENCE skyledger."Operation";

CREATE FUNCTION skyledger.make_update_record(generation text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($table$
        CREATE TABLE %1$I."UpdateRecord" (
            "operation"       bigint NOT NULL,
            "updateOrder"     integer NOT NULL,
            "updateMjdTai"    double precision NOT NULL,
            "updateType"      text NOT NULL,
            "tableName"       text NOT NULL,
            "diaSourceId"     bigint,
            "diaObjectId"     bigint,
            "visit"           bigint,
            "detector"        integer,
            "before"          jsonb NOT NULL,
            "after"           jsonb NOT NULL,
            "cause"           text NOT NULL,
            "recordedAt"      timestamptz NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY ("operation", "updateOrder")
        );
        COMMENT ON TABLE %1$I."UpdateRecord" IS 'changes of stored rows, in the order of operation and updateOrder; a table of SkyLedger''s own';
        COMMENT ON COLUMN %1$I."UpdateRecord"."updateMjdTai" IS 'time of the change, MJD TAI, by the clock that stamps object versions';
        CREATE INDEX "UpdateRecord_diaSourceId" ON %1$I."UpdateRecord" ("diaSourceId", "operation", "updateOrder") WHERE "diaSourceId" IS NOT NULL;
        CREATE INDEX "UpdateRecord_diaObjectId" ON %1$I."UpdateRecord" ("diaObjectId", "operation", "updateOrder") WHERE "diaObjectId" IS NOT NULL;
    $table$, generation);
END $$;

-- Generations of older programs get the columns that `GenerationLayout` gives new ones. When an instance is made, none stands here yet.
DO $$
DECLARE
    generation text;
    relation text;
BEGIN
    FOR generation IN SELECT "schemaName" FROM skyledger."Generation" LOOP
        EXECUTE format('ALTER TABLE %I."DiaSource" ADD COLUMN "disposition" text NOT NULL DEFAULT ''associated''', generation);
        EXECUTE format('UPDATE %I."DiaSource" SET "disposition" = CASE WHEN "ssObjectId" IS NOT NULL THEN ''solarSystem''
                WHEN "diaObjectId" IS NULL THEN ''marginal'' ELSE ''founded'' END
            WHERE "ssObjectId" IS NOT NULL OR "diaObjectId" IS NULL OR "diaObjectId" = "diaSourceId"', generation);
        EXECUTE format('ALTER TABLE %I."DiaSource" ALTER COLUMN "disposition" DROP DEFAULT', generation);
        EXECUTE format('CREATE INDEX "DiaSource_unassociated" ON %I."DiaSource" ("pixelId")
            WHERE "diaObjectId" IS NULL AND "ssObjectId" IS NULL', generation);
        EXECUTE format('CREATE INDEX "DiaSource_unassociatedTime" ON %I."DiaSource" ("midpointMjdTai")
            WHERE "diaObjectId" IS NULL AND "ssObjectId" IS NULL AND "midpointMjdTai" > 0', generation);
        EXECUTE format('ALTER TABLE %I."DiaObject" ADD COLUMN "summaryStartMjdTai" double precision, ADD COLUMN "nDiaSourcesGood" integer', generation);
        EXECUTE format('ALTER TABLE %I."DiaObjectLast" ADD COLUMN "nDiaSourcesGood" integer', generation);
        EXECUTE format('ALTER TABLE %I."DiaForcedSource" ADD COLUMN "psfFlux_flag" boolean, ADD COLUMN "psfFlux_flag_edge" boolean,
            ADD COLUMN "psfFlux_flag_noGoodPixels" boolean, ADD COLUMN "scienceFlux_flag" boolean, ADD COLUMN "isPrecovery" boolean', generation);
        EXECUTE format('ALTER TABLE %I."VisitDetector" ADD COLUMN "nDiaForcedSources" integer NOT NULL DEFAULT 0,
            ADD COLUMN "nUnassociated" integer NOT NULL DEFAULT 0, ADD COLUMN "isLimited" boolean NOT NULL DEFAULT false,
            ADD COLUMN "configuration" integer NOT NULL DEFAULT 0', generation);
        PERFORM skyledger.make_update_record(generation);
        EXECUTE format('GRANT SELECT ON %I."UpdateRecord" TO skyledger_reader', generation);
        EXECUTE format('GRANT SELECT, INSERT ON %I."UpdateRecord" TO skyledger_ingest', generation);
        FOREACH relation IN ARRAY ARRAY['DiaSource', 'DiaObject', 'DiaObjectLast', 'DiaForcedSource', 'VisitDetector', 'UpdateRecord'] LOOP
            EXECUTE format('CREATE OR REPLACE VIEW apdb.%1$I AS SELECT * FROM %2$I.%1$I', relation, generation);
        END LOOP;
        GRANT SELECT ON apdb."UpdateRecord" TO skyledger_reader, skyledger_ingest;
    END LOOP;
END $$;
GRANT USAGE ON SEQUENCE skyledger."Operation" TO skyledger_ingest;
