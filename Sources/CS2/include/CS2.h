// A C face of the S2 geometry library (Debian's libs2), for Swift. Angles in degrees unless said otherwise.
#ifndef CS2_H
#define CS2_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The ids of the cells of `level` (0 to 30) that hold n points.
void cs2_cell_ids(const double *ra, const double *dec, size_t n, int level, uint64_t *out);

// The id of the cell of `level` that holds a direction.
uint64_t cs2_cell_id(double x, double y, double z, int level);

// A cover: cells of `level` or coarser, `max_cells` of them where that can be.
typedef struct cs2_cover cs2_cover;

// `radius` in radians.
cs2_cover *cs2_cover_circle(double x, double y, double z, double radius, int level, int max_cells);

// n vertices as x, y, z each, counter-clockwise.
cs2_cover *cs2_cover_polygon(const double *xyz, size_t n, int level, int max_cells);

// `ra_width` east of `ra`; 360 is all.
cs2_cover *cs2_cover_box(double ra, double ra_width, double dec1, double dec2, int level, int max_cells);

size_t cs2_cover_count(const cs2_cover *cover);

// The first and the last leaf id of a cell: every id of a cell inside it lies between.
uint64_t cs2_cover_first(const cs2_cover *cover, size_t index);
uint64_t cs2_cover_last(const cs2_cover *cover, size_t index);

void cs2_cover_free(cs2_cover *cover);

#ifdef __cplusplus
}
#else
// glibc's sine and cosine of one angle (radians) at once: the bits of its sin and cos. Swift's Glibc module does not show it.
void sincos(double angle, double *sine, double *cosine);
#endif

#endif
