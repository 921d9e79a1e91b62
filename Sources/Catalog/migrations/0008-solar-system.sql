-- What a generation knows of the solar system beside the document's tables: which designations are one object, where the known objects
-- are, and which catalogs of orbits were loaded.
CREATE FUNCTION skyledger.make_solar_system(generation text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    kept record;
BEGIN
    EXECUTE format($table$
        CREATE TABLE %1$I."SSObjectDesignation" (
            "designation" text PRIMARY KEY,
            "ssObjectId"  bigint NOT NULL
        );
        COMMENT ON TABLE %1$I."SSObjectDesignation" IS 'every designation of every object, in unpacked form; identifiers stay; a table of SkyLedger''s own';
        CREATE INDEX "SSObjectDesignation_ssObjectId" ON %1$I."SSObjectDesignation" ("ssObjectId");

        CREATE TABLE %1$I."SSObjectState" (
            "ssObjectId"  bigint PRIMARY KEY,
            "epochMjdTdb" double precision NOT NULL,
            "x"  double precision NOT NULL, "y"  double precision NOT NULL, "z"  double precision NOT NULL,
            "vx" double precision NOT NULL, "vy" double precision NOT NULL, "vz" double precision NOT NULL,
            "orbitKey"    bigint NOT NULL
        );
        COMMENT ON TABLE %1$I."SSObjectState" IS 'heliocentric states in ICRF axes, au and au a day, carried from the orbits to one epoch; a table of SkyLedger''s own';
        COMMENT ON COLUMN %1$I."SSObjectState"."orbitKey" IS 'hash of the elements that the state was carried from';

        CREATE TABLE %1$I."OrbitCatalog" (
            "number"    integer PRIMARY KEY,
            "source"    text NOT NULL,
            "nOrbits"   integer NOT NULL,
            "nChanged"  integer NOT NULL,
            "nNew"      integer NOT NULL,
            "nRemoved"  integer NOT NULL,
            "loadedMjdTai" double precision NOT NULL
        );
        COMMENT ON TABLE %1$I."OrbitCatalog" IS 'catalogs of orbits that were loaded, the newest last; a table of SkyLedger''s own';
    $table$, generation);

    -- Two rules of the document cannot be kept: an orbit may leave the catalog while its object and sources stay, and an object has as many
    -- rows of identifications as it has designations.
    FOR kept IN
        SELECT c.conrelid::regclass AS relation, c.conname AS name
        FROM pg_constraint AS c JOIN pg_class AS r ON r.oid = c.conrelid
        WHERE r.relnamespace = (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname = generation)
          AND (c.contype = 'f' AND c.confrelid = to_regclass(format('%I.mpc_orbits', generation))
               OR c.contype = 'u' AND r.relname = 'current_identifications'
                  AND (SELECT array_agg(a.attname::text) FROM pg_attribute AS a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey))
                      = ARRAY['packed_primary_provisional_designation'])
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', kept.relation, kept.name);
    END LOOP;
END $$;

-- Generations of older programs. When an instance is made, none stands here yet.
DO $$
DECLARE
    generation text;
    relation text;
BEGIN
    FOR generation IN SELECT "schemaName" FROM skyledger."Generation" LOOP
        PERFORM skyledger.make_solar_system(generation);
        EXECUTE format('ALTER TABLE %I."VisitDetector" ADD COLUMN "solarSystem" text NOT NULL DEFAULT ''noCatalog'',
            ADD COLUMN "nSSObjects" integer NOT NULL DEFAULT 0, ADD COLUMN "nSSSources" integer NOT NULL DEFAULT 0', generation);
        FOREACH relation IN ARRAY ARRAY['SSObjectDesignation', 'SSObjectState', 'OrbitCatalog'] LOOP
            EXECUTE format('GRANT SELECT ON %I.%I TO skyledger_reader', generation, relation);
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I.%I TO skyledger_ingest', generation, relation);
        END LOOP;
        FOREACH relation IN ARRAY ARRAY['VisitDetector', 'SSObjectDesignation', 'SSObjectState', 'OrbitCatalog'] LOOP
            EXECUTE format('CREATE OR REPLACE VIEW apdb.%1$I AS SELECT * FROM %2$I.%1$I', relation, generation);
            EXECUTE format('GRANT SELECT ON apdb.%I TO skyledger_reader, skyledger_ingest', relation);
        END LOOP;
    END LOOP;
END $$;
