#include "CS2.h"

#include <memory>
#include <vector>

#include <s2/s1angle.h>
#include <s2/s2cap.h>
#include <s2/s2cell_id.h>
#include <s2/s2cell_union.h>
#include <s2/s2latlng_rect.h>
#include <s2/s2loop.h>
#include <s2/s2point.h>
#include <s2/s2region_coverer.h>

namespace {

long cover(const S2Region &region, int level, int max_cells, uint64_t *out, size_t capacity) {
    S2RegionCoverer::Options options;
    options.set_max_cells(max_cells);
    options.set_max_level(level);
    S2RegionCoverer coverer(options);
    size_t used = 0;
    for (const S2CellId &cell : coverer.GetCovering(region).cell_ids()) {
        if (used + 2 > capacity) return -1;
        out[used++] = cell.child_begin(level).id();
        out[used++] = cell.child_end(level).prev().id();
    }
    return static_cast<long>(used / 2);
}

S2Point point(const double *xyz) { return S2Point(xyz[0], xyz[1], xyz[2]).Normalize(); }

}  // namespace

void cs2_cell_ids(const double *xyz, size_t count, int level, uint64_t *out) {
    for (size_t i = 0; i < count; ++i) out[i] = S2CellId(S2Point(xyz[3 * i], xyz[3 * i + 1], xyz[3 * i + 2])).parent(level).id();
}

long cs2_cover_circle(const double centre[3], double radius, int level, int max_cells, uint64_t *out, size_t capacity) {
    return cover(S2Cap(point(centre), S1Angle::Radians(radius)), level, max_cells, out, capacity);
}

long cs2_cover_polygon(const double *xyz, size_t count, int level, int max_cells, uint64_t *out, size_t capacity) {
    std::vector<S2Point> corners;
    for (size_t i = 0; i < count; ++i) corners.push_back(point(xyz + 3 * i));
    return cover(S2Loop(corners), level, max_cells, out, capacity);
}

long cs2_cover_box(double ra1, double dec1, double ra2, double dec2, int all_ra, int level, int max_cells, uint64_t *out, size_t capacity) {
    const double pi = 3.14159265358979323846;
    auto longitude = [pi](double ra) { return ra > pi ? ra - 2 * pi : ra; };
    S1Interval lng = all_ra ? S1Interval::Full() : S1Interval(longitude(ra1), longitude(ra2));
    S2LatLngRect box(R1Interval(dec1, dec2), lng);
    return cover(box.Expanded(S2LatLng::FromRadians(1e-14, 1e-14)).PolarClosure(), level, max_cells, out, capacity);
}
