coalesce(k.key <@ (SELECT "keys" FROM skyledger."RetiredReplicaKeys")
         OR EXISTS (SELECT FROM skyledger."Change" AS c JOIN skyledger."ReplicaExport" AS e ON e."chunk" = c."chunk"
                    WHERE c."replicaKey" = k.key AND e."consumer" = 'ppdb' AND e."verifiedAt" IS NOT NULL), false)
