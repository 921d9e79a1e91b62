/// Parquet files through Arrow C++, in terms of the Arrow C data interface (arrow.apache.org/docs/format/CDataInterface.html).
/// Functions return 0 and set nothing on success, else a message that the caller frees with carrow_free.
#ifndef SKYLEDGER_CARROW_H
#define SKYLEDGER_CARROW_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

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

/// An open Parquet file.
typedef struct carrow_reader carrow_reader;
/// A Parquet file that is being written.
typedef struct carrow_writer carrow_writer;

char *carrow_open(const char *path, carrow_reader **out);
void carrow_close(carrow_reader *reader);
int64_t carrow_rows(const carrow_reader *reader);
int carrow_row_groups(const carrow_reader *reader);
int64_t carrow_row_group_rows(const carrow_reader *reader, int row_group);
/// The file's schema, a struct with a child a column.
char *carrow_schema(carrow_reader *reader, struct ArrowSchema *out);
/// Columns (top-level positions) of row groups [first, last) as one struct array.
char *carrow_read(carrow_reader *reader, const int *columns, int column_count, int first, int last, struct ArrowSchema *schema, struct ArrowArray *array);

/// `compression` is "zstd", "snappy" or "none". Takes the schema over.
char *carrow_create(const char *path, struct ArrowSchema *schema, const char *compression, carrow_writer **out);
/// Writes a struct array of the writer's schema as row groups. Takes the array over.
char *carrow_write(carrow_writer *writer, struct ArrowArray *array);
/// Ends the file and flushes it to disk. The writer is freed, whatever comes of it.
char *carrow_finish(carrow_writer *writer);
/// Gives the file up.
void carrow_abandon(carrow_writer *writer);

void carrow_free(char *message);

#ifdef __cplusplus
}
#endif
#endif
