import ArgumentParser
import Catalog
import Columns
import Foundation
import Postgres
import Ppdb
import Sphere

extension PpdbOptions {
    /// The tables, as who exports to them or, where `isAdministrator`, as one who may make roles.
    func tables(isAdministrator: Bool = false) throws -> PpdbTables {
        let ppdb = try open()
        var connection = ppdb.connection
        if isAdministrator, ppdb.location.databaseURL == nil, let cluster = ppdb.instance.cluster {
            connection = try Connection(cluster.parameters(user: PrivateCluster.superuser, database: ppdb.location.databaseName))
        }
        try connection.execute("SET extra_float_digits = 1; SET client_min_messages = warning")
        return PpdbTables(connection, document: ppdb.document)
    }

    func pixelization() throws -> any Pixelization {
        let instance = try instance.open()
        return try instance.pixelization(on: instance.connect(as: .reader))
    }
}

struct PpdbIndexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index", abstract: "Make the indexes that readers need and the PPDB does not have: cones, light curves, times.",
        discussion: "Writers go on meanwhile. Example: skyledger ppdb index")

    @OptionGroup var ppdb: PpdbOptions

    func run() throws {
        let interruption = Interruption("stopping after this index; run the same command again to finish")
        let bar = ProgressBar("indexes")
        defer { bar.end() }
        do {
            let made = try ReaderIndexes(ppdb.tables()).make { name, done, total in
                bar.update(done: done, total: total, note: name)
                return !interruption.isRequested
            }
            bar.end()
            print(made.isEmpty ? "all indexes are there" : "made " + made.joined(separator: ", "))
        } catch ProductError.interrupted {
            throw ExitCode(130)
        }
    }
}

struct PpdbRolesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roles", abstract: "Make a role for readers, with bounds on time, rows, temporary files and connections.",
        discussion: """
            Whoever enters the server directly in the role may change its timeout for the session, and PostgreSQL has no limit of rows; rights,
            connections and temporary files hold there. Through `skyledger ppdb sql` all of them hold.
            Example: skyledger ppdb roles --name public_reader --timeout 60 --rows 100000
            """)

    @Option(help: "The role.") var name = "ppdb_reader"
    @Option(help: "Seconds that a statement may take.") var timeout = 300
    @Option(help: "Rows of an answer.") var rows = 1_000_000
    @Option(help: "Megabytes of temporary files of a session.") var tempMegabytes = 10_240
    @Option(help: "Connections at once.") var connections = 20
    @OptionGroup var ppdb: PpdbOptions

    func run() throws {
        var roles = ReaderRoles()
        (roles.name, roles.timeoutSeconds, roles.rowLimit) = (name, timeout, rows)
        (roles.temporaryMegabytes, roles.connections) = (tempMegabytes, connections)
        let remarks = try roles.make(ppdb.tables(isAdministrator: true), owner: Role.owner.rawValue)
        let instance = try ppdb.instance.open()
        if try PpdbLocation.read(ppdb.consumer, of: instance).databaseURL == nil { try instance.cluster?.admit(role: name) }
        for sentence in remarks { remark(sentence) }
        print("the role \(name) may read, \(rows) rows an answer, \(timeout) s a statement")
    }
}

struct PpdbSQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql", abstract: "Run one query on the PPDB as a reader, within the reader's bounds of rows and time.",
        discussion: "Example: skyledger ppdb sql 'SELECT count(*) FROM \"DiaSource\"'")

    @Argument(help: "The query.") var statement: String
    @Option(help: "The role of `skyledger ppdb roles`.") var role = "ppdb_reader"
    @Option(help: "Rows at most (default: the role's limit).") var rows: Int?
    @Option(help: "Give up after so many seconds (default: the role's).") var timeout: Int?
    @OptionGroup var output: OutputOptions
    @OptionGroup var ppdb: PpdbOptions

    func run() throws {
        let instance = try ppdb.instance.open()
        let location = try PpdbLocation.read(ppdb.consumer, of: instance)
        let connection: Connection
        if let url = location.databaseURL {
            connection = try Connection(ConnectionParameters(url: url))
        } else if let cluster = instance.cluster {
            connection = try Connection(cluster.parameters(user: role, database: location.databaseName))
        } else {
            throw RequestError("the instance has no private server: make its PPDB with `skyledger ppdb init --database URL`")
        }
        try connection.execute("SET extra_float_digits = 1")
        let answer = try LimitedSQL.run(statement, on: connection, rowLimit: rows, timeoutSeconds: timeout)
        try RowOutput.write(answer.rows, output.request)
        if answer.isCut { remark("there are more rows than the \(answer.rows.rowCount) that the role may read in one answer") }
    }
}
