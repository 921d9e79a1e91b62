import Columns
import Postgres

/// What no batch shows by itself: alerts without a batch, batches that the visit table knows of, what would let somebody change the ledger.
struct LedgerWholeCheck {
    let connection: Connection
    let faultsMax: Int

    init(_ connection: Connection, faultsMax: Int) {
        self.connection = connection
        self.faultsMax = faultsMax
    }

    /// Alerts that no batch of their time holds.
    /// - Parameter start: time of issue from which on they are looked for; nil for all.
    func strays(from start: Double?) throws -> [LedgerFault] {
        let rows = try connection.query(
            """
            SELECT a."alertId", a."visit", a."detector", a."generation", a."batchId" FROM ledger."Alert" AS a
            WHERE a."issuedMjdTai" >= $1
              AND NOT EXISTS (SELECT FROM ledger."Batch" AS b WHERE b."batchId" = a."batchId" AND b."issuedMjdTai" = a."issuedMjdTai")
            ORDER BY a."batchId", a."alertId" LIMIT $2
            """, [.double(start ?? -.infinity), .int64(Int64(faultsMax))])
        guard let id = rows["alertId"]?.int64s, let visit = rows["visit"]?.int64s, let detector = rows["detector"]?.int32s,
            let generation = rows["generation"]?.int32s
        else { return [] }
        return id.indices.map { row in
            var fault = LedgerFault(
                .alertInserted, alertId: id[row], in: nil,
                "alert \(id[row]) of generation \(generation[row]) visit \(visit[row]) detector \(detector[row]): no batch of its time holds it"
            )
            (fault.generation, fault.visit, fault.detector) = (generation[row], visit[row], detector[row])
            return fault
        }
    }

    func contradictions(of witness: LedgerWitness) throws -> [LedgerFault] {
        let rows = try connection.query(witness.contradictions(limit: faultsMax))
        guard let visit = rows["visit"]?.int64s, let detector = rows["detector"]?.int32s, let generation = rows["generation"]?.int32s,
            let alerts = rows["alerts"]?.int64s, let issued = rows["issued"]?.int64s, let number = rows["number"]
        else { return [] }
        return visit.indices.map { row in
            let name = "generation \(generation[row]) visit \(visit[row]) detector \(detector[row])"
            let isMissing = number.isNull(row)
            var fault = LedgerFault(
                isMissing ? .batchMissing : .chainRewritten, in: nil,
                isMissing
                    ? "the visit table says that \(name) issued \(alerts[row]) alerts, and the ledger has no batch of it"
                    : issued[row] != alerts[row]
                        ? "the visit table says that \(name) issued \(alerts[row]) alerts, and its batch has \(issued[row])"
                        : "the batch of \(name) is not the one of the visit table: its root is another")
            (fault.generation, fault.visit, fault.detector) = (generation[row], visit[row], detector[row])
            fault.batch = isMissing ? nil : number.int64s?[row]
            return fault
        }
    }

    /// Sentences on what would let somebody change the ledger unseen by the database.
    func weaknesses() throws -> [String] {
        let rows = try connection.query(
            """
            SELECT 'the trigger that keeps ledger."' || c.relname || '" from changing is '
                || CASE WHEN t.oid IS NULL THEN 'missing' ELSE 'off' END AS "sentence"
            FROM pg_class AS c LEFT JOIN pg_trigger AS t ON t.tgrelid = c.oid AND t.tgname = 'AppendOnly'
            WHERE c.relnamespace = to_regnamespace('ledger') AND c.relkind IN ('r', 'p') AND c.relname <> 'Publication'
              AND t.tgenabled IS DISTINCT FROM 'A'
            UNION ALL
            SELECT 'the event trigger ' || evtname || ' is off' FROM pg_event_trigger
            WHERE evtname LIKE 'skyledger_ledger_%' AND evtenabled <> 'A'
            UNION ALL
            SELECT 'the role ' || m.member::regrole || ' is a member of skyledger_ledger: have an administrator revoke that'
            FROM pg_auth_members AS m WHERE m.roleid = to_regrole('skyledger_ledger')
            UNION ALL
            SELECT 'ledger."' || c.relname || '" belongs to ' || c.relowner::regrole || ' and not to skyledger_ledger' FROM pg_class AS c
            WHERE c.relnamespace = to_regnamespace('ledger') AND c.relkind IN ('r', 'p') AND c.relowner <> to_regrole('skyledger_ledger')
            ORDER BY 1
            """)
        guard let sentences = rows["sentence"]?.strings else { return [] }
        return (0..<sentences.count).map { sentences[$0] }
    }
}

/// The schemas and dictionaries that packets refer to, held against their SHA-256.
struct LedgerReferences {
    private(set) var dictionaries: [PacketDictionary] = []
    private(set) var faults: [LedgerFault] = []

    init(_ connection: Connection) throws {
        let lost = try connection.query(
            """
            SELECT 'schema ' || "schemaId" || ' is not what was added: its SHA-256 is another' AS "sentence" FROM ledger."Schema"
            WHERE "sha256" <> sha256(convert_to("text", 'UTF8'))
            UNION ALL
            SELECT 'dictionary ' || "dictionaryId" || ' is not what was added: its SHA-256 is another' FROM ledger."Dictionary"
            WHERE "sha256" <> sha256("bytes")
            """)
        if let sentences = lost["sentence"]?.strings {
            faults = (0..<sentences.count).map { LedgerFault(.referenceLost, in: nil, sentences[$0]) }
        }
        let rows = try connection.query("SELECT \"dictionaryId\", \"bytes\" FROM ledger.\"Dictionary\" ORDER BY 1")
        guard let id = rows["dictionaryId"]?.int32s, let bytes = rows["bytes"]?.binaries else { return }
        for row in id.indices {
            guard let dictionary = try? PacketDictionary(Array(bytes.bytes(at: row))), dictionary.id == id[row] else {
                faults.append(LedgerFault(.referenceLost, in: nil, "dictionary \(id[row]) is not what was added: it has no such number"))
                continue
            }
            dictionaries.append(dictionary)
        }
    }
}
