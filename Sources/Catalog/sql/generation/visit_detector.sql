-- Every visit-detector that was loaded, also those without sources. Its row commits together with its sources and objects.
CREATE TABLE {generation}."VisitDetector" (
    "visit"              bigint NOT NULL,
    "detector"           integer NOT NULL,
    "band"               text,
    "midpointMjdTai"     double precision NOT NULL,
    "ra"                 double precision,
    "dec"                double precision,
    "region"             text NOT NULL,
    "nDiaSources"        integer NOT NULL,
    "nDiaObjectsNew"     integer NOT NULL DEFAULT 0,
    "nDiaObjectsUpdated" integer NOT NULL DEFAULT 0,
    "processedMjdTai"    double precision NOT NULL,
    "digest"             bytea NOT NULL CHECK (length("digest") = 32),
    "source"             text NOT NULL,
    "storedAt"           timestamptz NOT NULL DEFAULT clock_timestamp(),
    "nDiaForcedSources"  integer NOT NULL DEFAULT 0,
    "nUnassociated"      integer NOT NULL DEFAULT 0,
    "isLimited"          boolean NOT NULL DEFAULT false,
    "configuration"      integer NOT NULL DEFAULT 0,
    "solarSystem"        text NOT NULL DEFAULT 'noCatalog',
    "nSSObjects"         integer NOT NULL DEFAULT 0,
    "nSSSources"         integer NOT NULL DEFAULT 0,
    "nAlerts"            integer NOT NULL DEFAULT 0,
    "alertRoot"          bytea,
    "diaNoise"           real,
    PRIMARY KEY ("visit", "detector")
);
COMMENT ON TABLE {generation}."VisitDetector" IS 'visit-detectors that are stored, each whole; a column of SkyLedger''s own';
COMMENT ON COLUMN {generation}."VisitDetector"."digest" IS 'SHA-256 of the DiaSource rows as translated, in the order of diaSourceId';
COMMENT ON COLUMN {generation}."VisitDetector"."region" IS 'what the detector covered: "polygon ...", "circle ..." or "box ..." in degrees';
COMMENT ON COLUMN {generation}."VisitDetector"."processedMjdTai" IS 'start of validity of the object versions that this visit-detector made';
COMMENT ON COLUMN {generation}."VisitDetector"."nUnassociated" IS 'sources that belong to no object; their disposition says why';
COMMENT ON COLUMN {generation}."VisitDetector"."isLimited" IS 'whether more sources could have founded objects than the configuration allows';
COMMENT ON COLUMN {generation}."VisitDetector"."configuration" IS 'number of the configuration that it was processed under; 0 for the defaults';
COMMENT ON COLUMN {generation}."VisitDetector"."solarSystem" IS 'whether known objects were looked for: matched, noCatalog, stale, failed, off';
COMMENT ON COLUMN {generation}."VisitDetector"."nSSObjects" IS 'known objects of the solar system predicted on the detector';
COMMENT ON COLUMN {generation}."VisitDetector"."nSSSources" IS 'sources that are one of them';
COMMENT ON COLUMN {generation}."VisitDetector"."nAlerts" IS 'alerts that were issued in the transaction that stored it; a witness of the ledger';
COMMENT ON COLUMN {generation}."VisitDetector"."alertRoot" IS 'root of the Merkle tree of their batch in the ledger';
COMMENT ON COLUMN {generation}."VisitDetector"."diaNoise" IS 'noise of the difference image for point sources, nJy: the median error of its sources'' PSF fluxes';
CREATE INDEX "VisitDetector_midpointMjdTai" ON {generation}."VisitDetector" ("midpointMjdTai");
CREATE INDEX "VisitDetector_cover" ON {generation}."VisitDetector" USING gist (skyledger.cover("region", "ra", "dec"));
