-- The rules of association, founding, summaries and forced photometry, as YAML; the newest is in force, none means the program's defaults.
CREATE TABLE skyledger."Configuration" (
    "number"    integer PRIMARY KEY,
    "yaml"      text NOT NULL,
    "cause"     text NOT NULL,
    "changedAt" timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT ON skyledger."Configuration" TO skyledger_reader, skyledger_ingest;

-- A frozen setting changes only together with all rows that depend on it: in a migration of the schema, which says so for its transaction.
CREATE OR REPLACE FUNCTION skyledger.refuse_change_of_frozen_setting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD."isFrozen" AND (TG_OP = 'DELETE' OR NEW."value" IS DISTINCT FROM OLD."value" OR NOT NEW."isFrozen")
       AND coalesce(current_setting('skyledger.migrates', true), '') <> OLD."name" THEN
        RAISE EXCEPTION 'setting % is frozen since init: the stored rows depend on it', OLD."name" USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- Instances from before this setting was kept.
INSERT INTO skyledger."Setting"
SELECT 'schemaMajor', split_part("schemaVersion", '.', 1), true FROM skyledger."Generation"
WHERE "state" = 'current' AND "schemaVersion" IS NOT NULL;
