/// Cells of the S2 library (s2geometry.io) for bulk use: identifiers of positions, and covers of regions.
#ifndef SKYLEDGER_CS2_H
#define SKYLEDGER_CS2_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Identifiers of the cells of a level that hold positions; `xyz` has three components a position, of unit length.
void cs2_cell_ids(const double *xyz, size_t count, int level, uint64_t *out);

/// Covers give ranges of identifiers of cells of `level` as pairs (first, last). At most `capacity` pairs are written; the number
/// of pairs is returned, or -1 where the capacity did not suffice. `max_cells` bounds the cells that the cover is made of.
long cs2_cover_circle(const double centre[3], double radius, int level, int max_cells, uint64_t *out, size_t capacity);
long cs2_cover_polygon(const double *xyz, size_t count, int level, int max_cells, uint64_t *out, size_t capacity);
/// Angles in radians; `ra` may wrap.
long cs2_cover_box(double ra1, double dec1, double ra2, double dec2, int all_ra, int level, int max_cells, uint64_t *out, size_t capacity);

#ifdef __cplusplus
}
#endif
#endif
