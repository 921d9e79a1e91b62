/// Where a database is and as whom to enter it.
public struct ConnectionParameters: Sendable, Equatable {
    /// A libpq URL or keyword string, or nil for the socket below.
    public var url: String?
    public var socketDirectory: String?
    public var port: Int?
    public var user: String?
    public var database: String?
    /// Shown in pg_stat_activity.
    public var applicationName: String
    /// Seconds to wait for the server.
    public var connectTimeoutSeconds = 10

    public init(url: String, applicationName: String = "skyledger") {
        self.url = url
        self.applicationName = applicationName
    }

    public init(socketDirectory: String, port: Int = 5432, user: String, database: String, applicationName: String = "skyledger") {
        self.socketDirectory = socketDirectory
        self.port = port
        self.user = user
        self.database = database
        self.applicationName = applicationName
    }

    /// Keywords and values as PQconnectdbParams takes them; a URL goes in as `dbname` and may be overridden by what follows it.
    var keywords: [(String, String)] {
        var out: [(String, String)] = []
        if let url { out.append(("dbname", url)) } else if let database { out.append(("dbname", database)) }
        if let socketDirectory { out.append(("host", socketDirectory)) }
        if let port { out.append(("port", String(port))) }
        if let user { out.append(("user", user)) }
        out.append(("fallback_application_name", applicationName))
        out.append(("connect_timeout", String(connectTimeoutSeconds)))
        out.append(("client_encoding", "UTF8"))
        return out
    }
}
