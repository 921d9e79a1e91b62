-- Objects that get a new version, by the number that they will have, from one on.
SELECT coalesce(p."newId", p."oldId") AS "diaObjectId", o."tile", o."ra", o.{dec} AS "dec", p."nDiaSources"::bigint AS "n",
       o.{first}::double precision AS "first", o.{last}::double precision AS "last", p."renewedMjdTai"
FROM piece_object AS p JOIN {generation}."DiaObject_open" AS o ON o."diaObjectId" = p."oldId"
WHERE p."fate" = 'renew' AND coalesce(p."newId", p."oldId") > $1
ORDER BY 1 LIMIT $2
