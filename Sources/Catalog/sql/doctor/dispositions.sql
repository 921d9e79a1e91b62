-- A DiaSource with a DiaObject says how it came to it, one of the solar system says so, and the others say why they belong to none.
SELECT 'DiaSource ' || "diaSourceId" || ' is ' || "disposition" || ' and belongs to '
       || coalesce('DiaObject ' || "diaObjectId", 'SSObject ' || "ssObjectId", 'nothing') AS what
FROM {generation}."DiaSource"
WHERE CASE "disposition"
          WHEN 'solarSystem' THEN "ssObjectId" IS NULL
          WHEN 'marginal' THEN coalesce("diaObjectId", "ssObjectId") IS NOT NULL
          WHEN 'limited' THEN coalesce("diaObjectId", "ssObjectId") IS NOT NULL
          WHEN 'unreliable' THEN coalesce("diaObjectId", "ssObjectId") IS NOT NULL
          WHEN 'longTrail' THEN coalesce("diaObjectId", "ssObjectId") IS NOT NULL
          ELSE "diaObjectId" IS NULL END
LIMIT 100
