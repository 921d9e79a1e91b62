import Foundation

/// The server's settings, for the machine that it runs on.
public struct ClusterSettings: Sendable {
    public enum Profile: Sendable {
        /// Shares of the machine's memory.
        case machine
        /// Small, for tests: many such servers may run at once.
        case test
    }

    public var memoryMB: Int
    public var cores: Int
    public var profile: Profile

    public init(profile: Profile = .machine) {
        memoryMB = Int(ProcessInfo.processInfo.physicalMemory >> 20)
        cores = ProcessInfo.processInfo.activeProcessorCount
        self.profile = profile
    }

    /// The text of the settings file.
    ///
    /// `synchronous_commit`, `fsync` and `full_page_writes` stay on: a committed visit is on disk.
    ///
    /// - Parameter walCompression: lz4 where the server was built with it; pglz costs more than the making of an index itself.
    public func text(socketDirectory: String, walCompression: String = "off") -> String {
        let share = { (part: Int, low: Int, high: Int) in min(max(self.memoryMB / part, low), high) }
        let small = profile == .test
        return """
            # Written by SkyLedger when the instance was made and at every start; changes belong in postgresql.conf.
            listen_addresses = ''
            unix_socket_directories = '\(socketDirectory.replacing("'", with: "''"))'
            unix_socket_permissions = 0777
            max_connections = 60
            max_locks_per_transaction = 512
            shared_buffers = \(small ? 128 : share(6, 128, 8192))MB
            effective_cache_size = \(share(2, 256, 1 << 20))MB
            work_mem = \(small ? 16 : share(256, 16, 128))MB
            maintenance_work_mem = \(small ? 64 : share(24, 64, 2048))MB
            wal_compression = \(walCompression)
            max_wal_size = \(small ? 1024 : 8192)MB
            min_wal_size = \(small ? 80 : 1024)MB
            checkpoint_timeout = 15min
            checkpoint_completion_target = 0.9
            random_page_cost = 1.1
            effective_io_concurrency = 100
            max_parallel_workers_per_gather = \(max(1, cores / 2))
            jit = off
            autovacuum_naptime = 20s
            autovacuum_vacuum_cost_limit = 2000
            logging_collector = off
            log_min_messages = warning
            log_checkpoints = off
            timezone = 'UTC'

            """
    }
}
