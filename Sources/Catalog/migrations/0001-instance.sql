-- The schema of SkyLedger's own bookkeeping: what was applied, and the settings of the instance.
CREATE SCHEMA skyledger;
COMMENT ON SCHEMA skyledger IS 'SkyLedger''s own bookkeeping; belongs to no generation';

CREATE TABLE skyledger."Migration" (
    "number"    integer PRIMARY KEY,
    "name"      text NOT NULL,
    "appliedAt" timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE skyledger."Setting" (
    "name"     text PRIMARY KEY,
    "value"    text NOT NULL,
    "isFrozen" boolean NOT NULL
);
COMMENT ON COLUMN skyledger."Setting"."isFrozen" IS 'true: fixed at init, for the data depend on it';

CREATE FUNCTION skyledger.refuse_change_of_frozen_setting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD."isFrozen" AND (TG_OP = 'DELETE' OR NEW."value" IS DISTINCT FROM OLD."value" OR NOT NEW."isFrozen") THEN
        RAISE EXCEPTION 'setting % is frozen since init: the stored rows depend on it', OLD."name" USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER "FrozenSetting" BEFORE UPDATE OR DELETE ON skyledger."Setting"
    FOR EACH ROW EXECUTE FUNCTION skyledger.refuse_change_of_frozen_setting();
