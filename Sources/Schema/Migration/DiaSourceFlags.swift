/// The bits of DiaSource's packed `flags` word (documents up to v0.1.1) as the booleans of v1.0.0 and later.
///
/// Bit 0 is the least significant; the order is that of v1.0.0's columns. The documents do not state the bits: this is an assumption
/// that `maps/dia-source-flags.yaml` repeats, and `MigrationOptions.flagBits` replaces.
public enum DiaSourceFlags {
    public static let bits: [String: Int] = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })

    static let names = [
        "centroid_flag",
        "apFlux_flag",
        "apFlux_flag_apertureTruncated",
        "psfFlux_flag",
        "psfFlux_flag_edge",
        "psfFlux_flag_noGoodPixels",
        "trail_flag_edge",
        "forced_PsfFlux_flag",
        "forced_PsfFlux_flag_edge",
        "forced_PsfFlux_flag_noGoodPixels",
        "shape_flag",
        "shape_flag_no_pixels",
        "shape_flag_not_contained",
        "shape_flag_parent_source",
        "pixelFlags",
        "pixelFlags_bad",
        "pixelFlags_cr",
        "pixelFlags_crCenter",
        "pixelFlags_edge",
        "pixelFlags_interpolated",
        "pixelFlags_interpolatedCenter",
        "pixelFlags_offimage",
        "pixelFlags_saturated",
        "pixelFlags_saturatedCenter",
        "pixelFlags_suspect",
        "pixelFlags_suspectCenter",
        "pixelFlags_streak",
        "pixelFlags_streakCenter",
        "pixelFlags_injected",
        "pixelFlags_injectedCenter",
        "pixelFlags_injected_template",
        "pixelFlags_injected_templateCenter",
    ]
}
