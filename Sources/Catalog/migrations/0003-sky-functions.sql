-- Exact containment on the sphere, inlined by the planner. Angles in degrees.
CREATE FUNCTION skyledger.separation_arcsec(ra1 double precision, dec1 double precision, ra2 double precision, dec2 double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 2 * 3600 * asind(least(1, sqrt(sind((dec2 - dec1) / 2) ^ 2 + cosd(dec1) * cosd(dec2) * sind((ra2 - ra1) / 2) ^ 2)));
COMMENT ON FUNCTION skyledger.separation_arcsec IS 'angle between two positions, by the haversine formula';

CREATE FUNCTION skyledger.in_circle(ra double precision, "dec" double precision,
                                    centre_ra double precision, centre_dec double precision, radius double precision)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sin(radians("dec" - centre_dec) / 2) ^ 2 + cos(radians(centre_dec)) * cos(radians("dec")) * sin(radians(ra - centre_ra) / 2) ^ 2
       <= sin(radians(least(radius, 180)) / 2) ^ 2;
COMMENT ON FUNCTION skyledger.in_circle IS 'whether a position lies in a circle, its rim included';

CREATE FUNCTION skyledger.in_half_space(ra double precision, "dec" double precision,
                                        x double precision, y double precision, z double precision)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN x * cos(radians("dec")) * cos(radians(ra)) + y * cos(radians("dec")) * sin(radians(ra)) + z * sin(radians("dec")) >= 0;
COMMENT ON FUNCTION skyledger.in_half_space IS 'whether a position lies on the inner side of the great circle with the inward normal (x, y, z)';

CREATE FUNCTION skyledger.in_box(ra double precision, "dec" double precision,
                                 ra1 double precision, dec1 double precision, ra2 double precision, dec2 double precision)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN "dec" BETWEEN dec1 AND dec2 AND CASE WHEN ra1 <= ra2 THEN ra BETWEEN ra1 AND ra2 ELSE ra >= ra1 OR ra <= ra2 END;
COMMENT ON FUNCTION skyledger.in_box IS 'whether a position lies between two parallels and two meridians; ra1 > ra2 wraps over RA 0';
