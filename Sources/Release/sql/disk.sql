-- Bytes of the tables and indexes of both generations, and the nights that the new one has.
SELECT (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class AS c
        WHERE c.relnamespace = '{old}'::regnamespace AND c.relkind IN ('r', 'm')) AS "oldBytes",
       (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class AS c
        WHERE c.relnamespace = '{new}'::regnamespace AND c.relkind IN ('r', 'm')) AS "newBytes",
       (SELECT count(DISTINCT floor("midpointMjdTai")) FROM {new}."VisitDetector") AS "nights"
