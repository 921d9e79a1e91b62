import Catalog
import Columns
import Schema

/// Where one side of a crosswalk is read: the statements that give its visit-detectors, its sources and its objects, in narrow columns.
struct CrosswalkTables: Sendable {
    /// For messages: "generation 2".
    let label: String
    /// Columns visit, detector, midpointMjdTai and nSources, a row a visit-detector; nil where sources have no visit.
    let visitDetectors: String?
    /// Table of sources with its alias, columns to select, and the name of the time column that its partitions are cut by.
    let sources: (from: String, columns: String, midpoint: String?)
    /// Columns diaObjectId, ra, dec and tile, a row an object.
    let objects: String
    /// Which of some identifiers, given as a literal array, have a row of an object after all.
    let objectsAmong: @Sendable (String) -> String
    /// The index that finds sources by visit in ranges of blocks; it may have to be brought up to date.
    let rangeIndex: String?

    /// Those of a generation.
    ///
    /// Withdrawn sources take part, for alerts name them, but belong to no object here. Objects are those that are open; those that only
    /// sources name are known by these alone.
    /// - Throws: `CatalogError.documentLacks` where sources do not say which visit and detector they are of.
    init(_ generation: Generation) throws {
        let document = generation.document
        for column in ["visit", "detector"] where document[table: "DiaSource"]?[column: column] == nil {
            throw CatalogError.documentLacks(
                what: "column DiaSource.\(column)", document: document.label,
                advice: "a crosswalk matches sources by visit and detector: migrate the generation to a newer document")
        }
        let roles = generation.layout.roles
        let dec = SQLText.identifier(roles.dec)
        let isKept = document[table: "DiaSource"]?[column: "timeWithdrawnMjdTai"] == nil ? "true" : "s.\"timeWithdrawnMjdTai\" IS NULL"
        label = "generation \(generation.id)"
        visitDetectors = """
            SELECT "visit", "detector", "midpointMjdTai", "nDiaSources"::bigint AS "nSources" FROM \(generation.table("VisitDetector"))
            """
        sources = (
            "\(generation.table("DiaSource")) AS s",
            """
            s."visit"::bigint AS "visit", s."detector"::integer AS "detector", s."diaSourceId", s."ra", s.\(dec) AS "dec",
            CASE WHEN \(isKept) THEN s."diaObjectId" END AS "diaObjectId", s."tile"::bigint AS "tile"
            """, roles.sourceMidpoint
        )
        let last = generation.table("DiaObjectLast")
        objects = "SELECT \"diaObjectId\", \"ra\", \(dec) AS \"dec\", \"tile\"::bigint AS \"tile\" FROM \(last)"
        objectsAmong = { "SELECT \"diaObjectId\" FROM \(last) WHERE \"diaObjectId\" = ANY (\($0))" }
        rangeIndex = "\(SQLText.identifier(generation.schemaName)).\"DiaSource_visit\""
    }

    init(
        label: String, visitDetectors: String?, sources: (from: String, columns: String, midpoint: String?), objects: String,
        objectsAmong: @escaping @Sendable (String) -> String, rangeIndex: String?
    ) {
        self.label = label
        self.visitDetectors = visitDetectors
        self.sources = sources
        self.objects = objects
        self.objectsAmong = objectsAmong
        self.rangeIndex = rangeIndex
    }

    /// The sources of a batch's visits and detectors, without parameters.
    func sources(of batch: VisitDetectorBatch, midpoints: ClosedRange<Double>?) -> String {
        var conditions = ["s.\"visit\" BETWEEN \(batch.visits.lowerBound) AND \(batch.visits.upperBound)"]
        if let detectors = batch.detectors {
            conditions.append("s.\"detector\" BETWEEN \(detectors.lowerBound) AND \(detectors.upperBound)")
        }
        if let midpoint = sources.midpoint, let midpoints {
            // Half a day more than the visits' own times; it is there to leave out partitions.
            conditions.append(
                "s.\(SQLText.identifier(midpoint)) BETWEEN \(midpoints.lowerBound - 0.5) AND \(midpoints.upperBound + 0.5)")
        }
        return "SELECT \(sources.columns) FROM \(sources.from) WHERE \(conditions.joined(separator: " AND "))"
    }
}
