-- Validity intervals of one DiaObject neither overlap nor leave a gap.
SELECT 'DiaObject ' || "diaObjectId" || ': validity of one version ends at ' || {validityEnd} || ' and the next begins at ' || next_start AS what
FROM (SELECT "diaObjectId", {validityEnd}, lead({validityStart}) OVER (PARTITION BY "diaObjectId" ORDER BY {validityStart}) AS next_start
      FROM {generation}."DiaObject") AS versions
WHERE next_start IS DISTINCT FROM {validityEnd} AND next_start IS NOT NULL
LIMIT 100
