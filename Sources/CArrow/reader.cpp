#include <arrow/api.h>
#include <arrow/c/bridge.h>
#include <arrow/io/file.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include "CArrow.h"
#include "guard.h"

using carrow::guarded;

struct carrow_reader {
    std::unique_ptr<parquet::arrow::FileReader> file;
    std::shared_ptr<arrow::Schema> schema;
    std::shared_ptr<parquet::FileMetaData> metadata;
};

struct carrow_columns {
    std::vector<std::shared_ptr<arrow::ChunkedArray>> columns;
};

extern "C" {

char *carrow_reader_open(const char *path, carrow_reader **out) {
    return guarded([&]() -> arrow::Status {
        ARROW_ASSIGN_OR_RAISE(auto input, arrow::io::ReadableFile::Open(path));
        parquet::arrow::FileReaderBuilder builder;
        ARROW_RETURN_NOT_OK(builder.Open(input));
        parquet::ArrowReaderProperties properties;
        properties.set_pre_buffer(true);
        builder.memory_pool(arrow::default_memory_pool())->properties(properties);
        auto reader = std::make_unique<carrow_reader>();
        ARROW_ASSIGN_OR_RAISE(reader->file, builder.Build());
        ARROW_RETURN_NOT_OK(reader->file->GetSchema(&reader->schema));
        reader->metadata = reader->file->parquet_reader()->metadata();
        *out = reader.release();
        return arrow::Status::OK();
    });
}

void carrow_reader_close(carrow_reader *reader) {
    carrow_text_free(guarded([&] {
        delete reader;
        return arrow::Status::OK();
    }));
}

int64_t carrow_reader_row_count(const carrow_reader *reader) { return reader->metadata->num_rows(); }

int32_t carrow_reader_row_group_count(const carrow_reader *reader) { return reader->metadata->num_row_groups(); }

int64_t carrow_reader_row_group_rows(const carrow_reader *reader, int32_t row_group) {
    int64_t rows = 0;
    carrow_text_free(guarded([&] {
        rows = reader->metadata->RowGroup(row_group)->num_rows();
        return arrow::Status::OK();
    }));
    return rows;
}

char *carrow_reader_schema(carrow_reader *reader, struct ArrowSchema *out) {
    return guarded([&] { return arrow::ExportSchema(*reader->schema, out); });
}

char *carrow_reader_type_text(carrow_reader *reader, int32_t field, char **out) {
    return guarded([&] {
        *out = carrow::text_copy(reader->schema->field(field)->type()->ToString());
        return arrow::Status::OK();
    });
}

char *carrow_reader_read(
    carrow_reader *reader, const int32_t *fields, int32_t field_count, const int32_t *row_groups, int32_t row_group_count,
    bool threads, carrow_columns **out) {
    return guarded([&]() -> arrow::Status {
        // The reader counts leaves of nested columns; a plain column is its own leaf.
        const auto &roots = reader->file->manifest().schema_fields;
        std::vector<int> leaves;
        for (int32_t i = 0; i < field_count; ++i) {
            const int leaf = roots.at(static_cast<size_t>(fields[i])).column_index;
            if (leaf < 0) return arrow::Status::Invalid("a nested column cannot be read");
            leaves.push_back(leaf);
        }
        reader->file->set_use_threads(threads);
        ARROW_ASSIGN_OR_RAISE(
            auto table, reader->file->ReadRowGroups(std::vector<int>(row_groups, row_groups + row_group_count), leaves));
        if (table->num_columns() != field_count) return arrow::Status::Invalid("columns are missing in the file's row groups");
        auto columns = std::make_unique<carrow_columns>();
        columns->columns = table->columns();
        *out = columns.release();
        return arrow::Status::OK();
    });
}

void carrow_columns_free(carrow_columns *columns) {
    carrow_text_free(guarded([&] {
        delete columns;
        return arrow::Status::OK();
    }));
}

int32_t carrow_columns_chunk_count(const carrow_columns *columns, int32_t column) {
    return columns->columns[static_cast<size_t>(column)]->num_chunks();
}

char *carrow_columns_chunk(const carrow_columns *columns, int32_t column, int32_t chunk, struct ArrowArray *out) {
    return guarded([&] { return arrow::ExportArray(*columns->columns[static_cast<size_t>(column)]->chunk(chunk), out); });
}

void carrow_columns_drop(carrow_columns *columns, int32_t column) { columns->columns[static_cast<size_t>(column)].reset(); }
}
