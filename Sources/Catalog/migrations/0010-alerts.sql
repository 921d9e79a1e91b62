-- What alerts need of visit-detectors: how many were issued, where each looked and how deep.

-- Right ascensions and declinations that a region lies within; generous for polygons, whose edges bulge towards the poles.
CREATE FUNCTION skyledger.cover(region text, ra double precision, "dec" double precision) RETURNS box LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog AS $$
DECLARE
    n double precision[] := (SELECT array_agg(m[1]::double precision ORDER BY place)
                             FROM regexp_matches(region, '[-+]?[0-9][0-9.eE+-]*', 'g') WITH ORDINALITY AS r(m, place));
    radius double precision;
    width double precision := 180;
BEGIN
    IF region LIKE 'box%' THEN
        width := (n[3] - n[1] + CASE WHEN n[3] < n[1] THEN 360 ELSE 0 END) / 2;
        RETURN box(point(ra - width, n[2]), point(ra + width, n[4]));
    END IF;
    radius := CASE WHEN region LIKE 'circle%' THEN n[3]
                   ELSE (SELECT max(skyledger.separation_arcsec(n[i], n[i + 1], ra, "dec")) / 3600
                         FROM generate_series(1, cardinality(n) - 1, 2) AS i) END + 1e-6;
    IF abs("dec") + radius < 90 THEN
        width := asind(least(1, sind(radius) / cosd("dec")));
    END IF;
    RETURN box(point(ra - width, greatest(-90, "dec" - radius)), point(ra + width, least(90, "dec" + radius)));
END $$;
COMMENT ON FUNCTION skyledger.cover IS 'a box of right ascensions and declinations, degrees, that a region with a centre lies within; beyond 0 and 360 where it wraps';

-- Generations of older programs. When an instance is made, none stands here yet.
DO $$
DECLARE
    generation text;
BEGIN
    FOR generation IN SELECT "schemaName" FROM skyledger."Generation" LOOP
        EXECUTE format('ALTER TABLE %I."VisitDetector" ADD COLUMN "nAlerts" integer NOT NULL DEFAULT 0, ADD COLUMN "alertRoot" bytea,
            ADD COLUMN "diaNoise" real', generation);
        EXECUTE format('UPDATE %1$I."VisitDetector" AS v SET "diaNoise" = (
            SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY s."psfFluxErr") FROM %1$I."DiaSource" AS s WHERE s."visit" = v."visit" AND s."detector" = v."detector")', generation);
        EXECUTE format('CREATE INDEX "VisitDetector_cover" ON %I."VisitDetector" USING gist (skyledger.cover("region", "ra", "dec"))', generation);
        EXECUTE format('CREATE OR REPLACE VIEW apdb."VisitDetector" AS SELECT * FROM %I."VisitDetector"', generation);
        EXECUTE 'GRANT SELECT ON apdb."VisitDetector" TO skyledger_reader, skyledger_ingest';
    END LOOP;
END $$;

-- Public lists of positions. A version is never changed: a list changes by the next one.
CREATE TABLE skyledger."TargetList" (
    "list"      text NOT NULL CHECK ("list" ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$'),
    "version"   integer NOT NULL CHECK ("version" > 0),
    "nTargets"  integer NOT NULL,
    "cause"     text NOT NULL,
    "changedAt" timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY ("list", "version")
);
COMMENT ON TABLE skyledger."TargetList" IS 'versions of target lists; the newest is in force';
CREATE TABLE skyledger."Target" (
    "list"    text NOT NULL,
    "version" integer NOT NULL,
    "name"    text NOT NULL,
    "ra"      double precision NOT NULL CHECK ("ra" >= 0 AND "ra" < 360),
    "dec"     double precision NOT NULL CHECK ("dec" BETWEEN -90 AND 90),
    PRIMARY KEY ("list", "version", "name"),
    FOREIGN KEY ("list", "version") REFERENCES skyledger."TargetList"
);
COMMENT ON TABLE skyledger."Target" IS 'positions of a version of a target list, ICRS degrees';
GRANT SELECT ON skyledger."TargetList", skyledger."Target" TO skyledger_reader, skyledger_ingest;
