-- The DiaSources that visit-detectors no longer have are as many as retention says that it removed.
SELECT 'visit-detectors lack ' || lacking.n || ' DiaSources and retention removed ' || removed.n AS what
FROM (SELECT coalesce(sum(v."nDiaSources" - coalesce(s.n, 0)), 0)::bigint AS n FROM {generation}."VisitDetector" AS v
      LEFT JOIN (SELECT "visit", "detector", count(*) AS n FROM {generation}."DiaSource" GROUP BY 1, 2) AS s
          ON s."visit" = v."visit" AND s."detector" = v."detector") AS lacking,
     (SELECT coalesce(sum("nRows"), 0)::bigint AS n FROM skyledger."RetentionRecord"
      WHERE "generation" = {generationId} AND "tableName" = 'DiaSource' AND "state" = 'done') AS removed
WHERE lacking.n <> removed.n
