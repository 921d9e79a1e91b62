#include "CS2.h"

#include <cmath>
#include <memory>
#include <vector>

#include <s2/s2cap.h>
#include <s2/s2cell_id.h>
#include <s2/s2latlng.h>
#include <s2/s2latlng_rect.h>
#include <s2/s2loop.h>
#include <s2/s2region_coverer.h>

struct cs2_cover {
    std::vector<S2CellId> cells;
};

namespace {

cs2_cover *covered(const S2Region &region, int level, int max_cells) {
    S2RegionCoverer::Options options;
    options.set_max_level(level);
    options.set_max_cells(max_cells);
    auto *cover = new cs2_cover;
    S2RegionCoverer(options).GetCovering(region, &cover->cells);
    return cover;
}

}  // namespace

extern "C" {

void cs2_cell_ids(const double *ra, const double *dec, size_t n, int level, uint64_t *out) {
    for (size_t i = 0; i < n; ++i) {
        out[i] = S2CellId(S2LatLng::FromDegrees(dec[i], std::remainder(ra[i], 360.0)).ToPoint()).parent(level).id();
    }
}

uint64_t cs2_cell_id(double x, double y, double z, int level) {
    return S2CellId(S2Point(x, y, z)).parent(level).id();
}

cs2_cover *cs2_cover_circle(double x, double y, double z, double radius, int level, int max_cells) {
    // Wider by rounding: a point on the edge stays inside.
    return covered(S2Cap(S2Point(x, y, z).Normalize(), S1Angle::Radians(radius + 2e-15)), level, max_cells);
}

cs2_cover *cs2_cover_polygon(const double *xyz, size_t n, int level, int max_cells) {
    std::vector<S2Point> vertices;
    for (size_t i = 0; i < n; ++i) {
        vertices.push_back(S2Point(xyz[3 * i], xyz[3 * i + 1], xyz[3 * i + 2]).Normalize());
    }
    return covered(S2Loop(vertices, S2Debug::DISABLE), level, max_cells);
}

cs2_cover *cs2_cover_box(double ra, double ra_width, double dec1, double dec2, int level, int max_cells) {
    const R1Interval latitude(dec1 * M_PI / 180, dec2 * M_PI / 180);
    const double west = std::remainder(ra, 360.0) * M_PI / 180;
    const double east = std::remainder(ra + ra_width, 360.0) * M_PI / 180;
    const S1Interval longitude = ra_width >= 360 ? S1Interval::Full() : S1Interval(west, east);
    const S2LatLngRect box = S2LatLngRect(latitude, longitude).Expanded(S2LatLng::FromRadians(1e-14, 1e-14));
    return covered(box, level, max_cells);
}

size_t cs2_cover_count(const cs2_cover *cover) {
    return cover->cells.size();
}

uint64_t cs2_cover_first(const cs2_cover *cover, size_t index) {
    return cover->cells[index].range_min().id();
}

uint64_t cs2_cover_last(const cs2_cover *cover, size_t index) {
    return cover->cells[index].range_max().id();
}

void cs2_cover_free(cs2_cover *cover) {
    delete cover;
}

}  // extern "C"
