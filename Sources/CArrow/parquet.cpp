#include "CArrow.h"

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <arrow/array/util.h>
#include <arrow/c/bridge.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>

struct carrow_reader {
    std::unique_ptr<parquet::arrow::FileReader> file;
    std::shared_ptr<arrow::Schema> schema;
};

struct carrow_writer {
    std::shared_ptr<arrow::io::FileOutputStream> stream;
    std::unique_ptr<parquet::arrow::FileWriter> file;
    std::shared_ptr<arrow::Schema> schema;
};

namespace {

char *copy(const std::string &text) {
    char *out = static_cast<char *>(malloc(text.size() + 1));
    if (out) memcpy(out, text.c_str(), text.size() + 1);
    return out;
}

/// Runs the body; what it throws or returns becomes a message. No exception leaves.
template <typename Body>
char *guarded(Body body) {
    try {
        arrow::Status status = body();
        return status.ok() ? nullptr : copy(status.message());
    } catch (const std::exception &error) {
        return copy(error.what());
    } catch (...) {
        return copy("unknown error");
    }
}

}  // namespace

char *carrow_open(const char *path, carrow_reader **out) {
    return guarded([&]() -> arrow::Status {
        auto reader = std::make_unique<carrow_reader>();
        ARROW_ASSIGN_OR_RAISE(auto input, arrow::io::MemoryMappedFile::Open(path, arrow::io::FileMode::READ));
        parquet::arrow::FileReaderBuilder builder;
        ARROW_RETURN_NOT_OK(builder.Open(input));
        parquet::ArrowReaderProperties properties;
        properties.set_use_threads(true);
        properties.set_pre_buffer(false);
        ARROW_RETURN_NOT_OK(builder.properties(properties)->Build(&reader->file));
        ARROW_RETURN_NOT_OK(reader->file->GetSchema(&reader->schema));
        *out = reader.release();
        return arrow::Status::OK();
    });
}

void carrow_close(carrow_reader *reader) { delete reader; }

int64_t carrow_rows(const carrow_reader *reader) { return reader->file->parquet_reader()->metadata()->num_rows(); }

int carrow_row_groups(const carrow_reader *reader) { return reader->file->num_row_groups(); }

int64_t carrow_row_group_rows(const carrow_reader *reader, int row_group) {
    return reader->file->parquet_reader()->metadata()->RowGroup(row_group)->num_rows();
}

char *carrow_schema(carrow_reader *reader, struct ArrowSchema *out) {
    return guarded([&] { return arrow::ExportSchema(*reader->schema, out); });
}

char *carrow_read(carrow_reader *reader, const int *columns, int column_count, int first, int last, struct ArrowSchema *schema, struct ArrowArray *array) {
    return guarded([&]() -> arrow::Status {
        // Positions of top-level columns are not those of leaves when a column is nested.
        std::vector<int> leaves;
        for (int i = 0; i < column_count; ++i) {
            std::vector<const parquet::arrow::SchemaField *> fields = {&reader->file->manifest().schema_fields[columns[i]]};
            while (!fields.empty()) {
                const auto *field = fields.back();
                fields.pop_back();
                if (field->is_leaf()) leaves.push_back(field->column_index);
                for (const auto &child : field->children) fields.push_back(&child);
            }
        }
        std::vector<int> groups;
        for (int i = first; i < last; ++i) groups.push_back(i);
        std::shared_ptr<arrow::Table> table;
        ARROW_ASSIGN_OR_RAISE(table, reader->file->ReadRowGroups(groups, leaves));
        ARROW_ASSIGN_OR_RAISE(table, table->CombineChunks());
        std::vector<std::shared_ptr<arrow::Array>> arrays;
        for (const auto &column : table->columns()) {
            if (column->num_chunks() == 1) {
                arrays.push_back(column->chunk(0));
            } else {
                ARROW_ASSIGN_OR_RAISE(auto empty, arrow::MakeEmptyArray(column->type()));
                arrays.push_back(empty);
            }
        }
        auto batch = arrow::RecordBatch::Make(table->schema(), table->num_rows(), arrays);
        return arrow::ExportRecordBatch(*batch, array, schema);
    });
}

char *carrow_create(const char *path, struct ArrowSchema *schema, const char *compression, carrow_writer **out) {
    return guarded([&]() -> arrow::Status {
        auto writer = std::make_unique<carrow_writer>();
        ARROW_ASSIGN_OR_RAISE(writer->schema, arrow::ImportSchema(schema));
        ARROW_ASSIGN_OR_RAISE(writer->stream, arrow::io::FileOutputStream::Open(path));
        parquet::WriterProperties::Builder properties;
        if (strcmp(compression, "zstd") == 0) properties.compression(parquet::Compression::ZSTD);
        if (strcmp(compression, "snappy") == 0) properties.compression(parquet::Compression::SNAPPY);
        auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
        ARROW_ASSIGN_OR_RAISE(writer->file, parquet::arrow::FileWriter::Open(*writer->schema, arrow::default_memory_pool(), writer->stream,
                                                                              properties.build(), arrow_properties));
        *out = writer.release();
        return arrow::Status::OK();
    });
}

char *carrow_write(carrow_writer *writer, struct ArrowArray *array) {
    return guarded([&]() -> arrow::Status {
        ARROW_ASSIGN_OR_RAISE(auto batch, arrow::ImportRecordBatch(array, writer->schema));
        ARROW_ASSIGN_OR_RAISE(auto table, arrow::Table::FromRecordBatches(writer->schema, {batch}));
        return writer->file->WriteTable(*table, 1 << 20);
    });
}

char *carrow_finish(carrow_writer *writer) {
    std::unique_ptr<carrow_writer> owned(writer);
    return guarded([&]() -> arrow::Status {
        ARROW_RETURN_NOT_OK(owned->file->Close());
        ARROW_RETURN_NOT_OK(owned->stream->Flush());
        if (fsync(owned->stream->file_descriptor()) != 0) return arrow::Status::IOError("the file could not be flushed to disk: ", strerror(errno));
        return owned->stream->Close();
    });
}

void carrow_abandon(carrow_writer *writer) {
    std::unique_ptr<carrow_writer> owned(writer);
    carrow_free(guarded([&] { return owned->stream->Close(); }));
}

void carrow_free(char *message) { free(message); }
