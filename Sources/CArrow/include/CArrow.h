// Arrow C++'s Parquet reader and writer as C functions.
//
// Every function that can fail returns NULL on success, or a message that the caller frees with carrow_text_free. No C++ exception
// leaves this module. A handle is used by one thread at a time.
#ifndef CARROW_H
#define CARROW_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The structures of the Arrow C data interface (https://arrow.apache.org/docs/format/CDataInterface.html), under their standard guard.
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif

/// Frees a message or text that a function here returned; NULL is allowed.
void carrow_text_free(char *text);
/// Releases what the structure holds; one that is released already is left alone.
void carrow_schema_release(struct ArrowSchema *schema);
void carrow_array_release(struct ArrowArray *array);

// Reading.

typedef struct carrow_reader carrow_reader;
typedef struct carrow_columns carrow_columns;

char *carrow_reader_open(const char *path, carrow_reader **out);
void carrow_reader_close(carrow_reader *reader);
int64_t carrow_reader_row_count(const carrow_reader *reader);
int32_t carrow_reader_row_group_count(const carrow_reader *reader);
int64_t carrow_reader_row_group_rows(const carrow_reader *reader, int32_t row_group);
/// The file's schema: a struct with one child for each column.
char *carrow_reader_schema(carrow_reader *reader, struct ArrowSchema *out);
/// The Arrow type of a column in words ("list<item: double>").
char *carrow_reader_type_text(carrow_reader *reader, int32_t field, char **out);
/// Decodes columns (indices of the schema's children, ascending, none nested) of the row groups named.
char *carrow_reader_read(
    carrow_reader *reader, const int32_t *fields, int32_t field_count, const int32_t *row_groups, int32_t row_group_count,
    bool threads, carrow_columns **out);

void carrow_columns_free(carrow_columns *columns);
/// How many arrays, end to end, hold the values of a column (counted in the order of `fields`).
int32_t carrow_columns_chunk_count(const carrow_columns *columns, int32_t column);
/// One of these arrays, without a copy; it lives until it is released, also past `carrow_columns_free`.
char *carrow_columns_chunk(const carrow_columns *columns, int32_t column, int32_t chunk, struct ArrowArray *out);
/// Lets go of a column's arrays.
void carrow_columns_drop(carrow_columns *columns, int32_t column);

// Writing.

enum carrow_type {
    CARROW_BOOL, CARROW_INT16, CARROW_INT32, CARROW_INT64, CARROW_FLOAT, CARROW_DOUBLE, CARROW_STRING, CARROW_BINARY, CARROW_TIMESTAMP
};
enum carrow_compression { CARROW_NONE, CARROW_SNAPPY, CARROW_ZSTD };

/// A column's definition; unit, description and ucd may be NULL.
///
/// Fields that follow each other with the same `parent` are lists in one column of that name, a struct of lists of equal lengths.
struct carrow_field {
    const char *name;
    enum carrow_type type;
    const char *unit;
    const char *description;
    const char *ucd;
    const char *parent;
};

/// A column's values. They are only looked at during the call.
struct carrow_values {
    int64_t length;
    /// A bitmap, least significant bit first, 1 where there is a value; NULL where no row is null.
    const uint8_t *validity;
    /// Plain values (bool: one byte each); for text and binary the bytes end to end.
    const void *values;
    int64_t values_size_bytes;
    /// For text and binary `length + 1` offsets, else NULL.
    const int32_t *offsets;
};

typedef struct carrow_writer carrow_writer;

/// Starts a file on an open descriptor, which belongs to the writer from here on (it is closed on failure as well).
char *carrow_writer_open(
    int file_descriptor, const struct carrow_field *fields, int32_t field_count, const char *const *metadata_keys,
    const char *const *metadata_values, int32_t metadata_count, enum carrow_compression compression, carrow_writer **out);
/// Begins a row group; each column of it is then given once, in order.
char *carrow_writer_row_group(carrow_writer *writer);
/// Rows `start..<start + count` of the next column.
char *carrow_writer_column(carrow_writer *writer, int32_t field, const struct carrow_values *values, int64_t start, int64_t count);
/// The next column, a struct of lists: row i holds elements `offsets[i]..<offsets[i + 1]` of every child. `columns` has the values of each
/// child, in order; there are `row_count + 1` offsets, the first 0.
char *carrow_writer_nested(
    carrow_writer *writer, int32_t column, const int32_t *offsets, int64_t row_count, const struct carrow_values *columns,
    int32_t column_count);
/// Writes the footer, and waits until the file is on the disk.
char *carrow_writer_finish(carrow_writer *writer);
/// Closes the descriptor and frees the writer, finished or not.
void carrow_writer_free(carrow_writer *writer);


// Footers.

typedef struct carrow_footers carrow_footers;

/// The footers of many files of one schema, for a `_metadata` file: each is added with the path that the row groups are known by.
char *carrow_footers_add(carrow_footers **footers, const char *path, const char *relative_path);
/// Writes what was added as a file without rows of its own on an open descriptor, which belongs to the callee; waits for the disk.
char *carrow_footers_write(carrow_footers *footers, int file_descriptor);
void carrow_footers_free(carrow_footers *footers);

#ifdef __cplusplus
}
#endif
#endif
