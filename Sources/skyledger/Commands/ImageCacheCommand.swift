import ArgumentParser
import Catalog
import Columns
import Foundation

extension ImageCache.Kind: ExpressibleByArgument {}

struct ImageCacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images", abstract: "The image cache: files with a lifetime, registered by visit, detector and kind.",
        discussion: "Files are deleted when their time is over, by `expire` or `skyledger retention apply`; their rows stay.",
        subcommands: [ImageCacheAdd.self, ImageCacheList.self, ImageCacheExpire.self, ImageCacheCheck.self])
}

struct ImageCacheAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Copy an image into the cache and register it.",
        discussion: "Example: skyledger images add raw.fits --visit 100000 --detector 3 --kind raw")

    @Argument(help: "The image's file.") var file: String
    @Option(help: "Its visit.") var visit: Int64
    @Option(help: "Its detector.") var detector: Int32
    @Option(help: "raw, processed, difference, science or template.") var kind: ImageCache.Kind
    @Option(parsing: .unconditional, help: "How many days it stays (default: what the policy says of its kind).") var days: Double?
    @Option(help: "A store outside of the instance (default: its folder images).") var directory: String?
    @Flag(help: "A hard link instead of a copy: the file and its original are then one.") var link = false
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        let cache = ImageCache(instance: instance, connection: try instance.connect(as: .ingest), directory: directory)
        let added = try cache.add(file, visit: visit, detector: detector, kind: kind, days: days, isLinked: link)
        print("image \(added.image)\(added.wasKnown ? " is registered already" : ""): \(added.path), until MJD \(added.expiresMjdTai)")
    }
}

struct ImageCacheList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The registered images.", discussion: "Example: skyledger images list --kind raw --format csv")

    @Option(help: "Of one visit.") var visit: Int64?
    @Option(help: "Of one kind.") var kind: ImageCache.Kind?
    @Flag(help: "Those that were deleted too.") var deleted = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        let cache = ImageCache(instance: instance, connection: try instance.connect(as: .reader))
        try RowOutput.write(cache.list(visit: visit, kind: kind, deleted: deleted), output.request)
    }
}

struct ImageCacheExpire: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expire", abstract: "Delete the images whose time is over.", discussion: "Example: skyledger images expire")

    @Option(parsing: .unconditional, help: "The time that lifetimes are held against, MJD TAI (default: the clock).") var now: Double?
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        let cache = ImageCache(instance: instance, connection: try instance.connect(as: .ingest))
        let expired = try cache.expire(nowMjdTai: now ?? ProcessingClock.machineMjdTai())
        print("\(expired.count) images deleted, \(expired.bytes) bytes")
    }
}

struct ImageCacheCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Compare the files with what was registered. Exit code 1 where one vanished, grew or changed.",
        discussion: "Sizes and times of change are compared; with --deep the content too. Example: skyledger images check --deep")

    @Flag(help: "Read every file.") var deep = false
    @Option(help: "A store beside those that have registered files.") var directory: String?
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        let cache = ImageCache(instance: instance, connection: try instance.connect(as: .reader), directory: directory)
        let bar = ProgressBar("images")
        let interruption = Interruption("stopping; nothing was changed")
        let faults = try cache.check(isDeep: deep) { done, total in
            bar.update(done: done, total: total)
            return !interruption.isRequested
        }
        bar.end()
        for fault in faults { print("\(fault.kind.rawValue) \(fault.description)") }
        if interruption.isRequested { throw ExitCode(130) }
        if !faults.isEmpty { throw ExitCode(1) }
        print("every image is as it was registered")
    }
}
