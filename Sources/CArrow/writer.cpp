#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "CArrow.h"
#include "guard.h"

using carrow::guarded;

struct carrow_writer {
    std::shared_ptr<arrow::io::FileOutputStream> sink;
    std::shared_ptr<arrow::Schema> schema;
    std::unique_ptr<parquet::arrow::FileWriter> file;
};

namespace {

std::shared_ptr<arrow::DataType> arrow_type(carrow_type type) {
    switch (type) {
        case CARROW_BOOL: return arrow::boolean();
        case CARROW_INT16: return arrow::int16();
        case CARROW_INT32: return arrow::int32();
        case CARROW_INT64: return arrow::int64();
        case CARROW_FLOAT: return arrow::float32();
        case CARROW_DOUBLE: return arrow::float64();
        case CARROW_STRING: return arrow::utf8();
        case CARROW_BINARY: return arrow::binary();
        case CARROW_TIMESTAMP: return arrow::timestamp(arrow::TimeUnit::MICRO);
    }
    return nullptr;
}

arrow::Compression::type arrow_compression(carrow_compression compression) {
    switch (compression) {
        case CARROW_SNAPPY: return arrow::Compression::SNAPPY;
        case CARROW_ZSTD: return arrow::Compression::ZSTD;
        case CARROW_NONE: break;
    }
    return arrow::Compression::UNCOMPRESSED;
}

std::shared_ptr<arrow::Schema> make_schema(
    const carrow_field *fields, int32_t field_count, const char *const *keys, const char *const *values, int32_t metadata_count) {
    arrow::FieldVector list;
    for (int32_t i = 0; i < field_count; ++i) {
        auto metadata = std::make_shared<arrow::KeyValueMetadata>();
        if (fields[i].unit) metadata->Append("unit", fields[i].unit);
        if (fields[i].description) metadata->Append("description", fields[i].description);
        if (fields[i].ucd) metadata->Append("ucd", fields[i].ucd);
        auto known = metadata->size() ? metadata : nullptr;
        if (!fields[i].parent) {
            list.push_back(arrow::field(fields[i].name, arrow_type(fields[i].type), true, known));
            continue;
        }
        arrow::FieldVector children;
        if (i > 0 && fields[i - 1].parent && std::strcmp(fields[i - 1].parent, fields[i].parent) == 0) {
            children = list.back()->type()->fields();
            list.pop_back();
        }
        children.push_back(arrow::field(fields[i].name, arrow::list(arrow_type(fields[i].type)), true, known));
        list.push_back(arrow::field(fields[i].parent, arrow::struct_(std::move(children))));
    }
    auto metadata = std::make_shared<arrow::KeyValueMetadata>();
    for (int32_t i = 0; i < metadata_count; ++i) metadata->Append(keys[i], values[i]);
    return arrow::schema(std::move(list), metadata->size() ? metadata : nullptr);
}

// A view of the caller's memory; bools are packed, eight to a byte.
arrow::Result<std::shared_ptr<arrow::Array>> make_array(const std::shared_ptr<arrow::DataType> &type, const carrow_values &values) {
    std::shared_ptr<arrow::Buffer> validity;
    if (values.validity) validity = std::make_shared<arrow::Buffer>(values.validity, (values.length + 7) / 8);
    auto data = std::make_shared<arrow::Buffer>(static_cast<const uint8_t *>(values.values), values.values_size_bytes);
    std::vector<std::shared_ptr<arrow::Buffer>> buffers{validity};
    if (type->id() == arrow::Type::BOOL) {
        ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> packed, arrow::AllocateBuffer((values.length + 7) / 8));
        uint8_t *bits = packed->mutable_data();
        const uint8_t *bytes = data->data();
        for (int64_t row = 0; row < values.length; ++row) {
            const uint8_t bit = static_cast<uint8_t>((bytes[row] & 1) << (row & 7));
            if ((row & 7) == 0) bits[row >> 3] = bit;
            else bits[row >> 3] |= bit;
        }
        buffers.push_back(std::move(packed));
    } else if (values.offsets) {
        buffers.push_back(std::make_shared<arrow::Buffer>(
            reinterpret_cast<const uint8_t *>(values.offsets), (values.length + 1) * static_cast<int64_t>(sizeof(int32_t))));
        buffers.push_back(std::move(data));
    } else {
        buffers.push_back(std::move(data));
    }
    return arrow::MakeArray(
        arrow::ArrayData::Make(type, values.length, std::move(buffers), values.validity ? arrow::kUnknownNullCount : 0));
}

}  // namespace

extern "C" {

char *carrow_writer_open(
    int file_descriptor, const struct carrow_field *fields, int32_t field_count, const char *const *metadata_keys,
    const char *const *metadata_values, int32_t metadata_count, enum carrow_compression compression, carrow_writer **out) {
    bool owned = false;
    char *error = guarded([&]() -> arrow::Status {
        auto writer = std::make_unique<carrow_writer>();
        ARROW_ASSIGN_OR_RAISE(writer->sink, arrow::io::FileOutputStream::Open(file_descriptor));
        owned = true;
        writer->schema = make_schema(fields, field_count, metadata_keys, metadata_values, metadata_count);
        auto properties = parquet::WriterProperties::Builder()
                              .version(parquet::ParquetVersion::PARQUET_2_6)
                              ->compression(arrow_compression(compression))
                              ->build();
        // The Arrow schema carries units and descriptions of columns.
        auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
        ARROW_ASSIGN_OR_RAISE(
            writer->file, parquet::arrow::FileWriter::Open(
                              *writer->schema, arrow::default_memory_pool(), writer->sink, properties, arrow_properties));
        *out = writer.release();
        return arrow::Status::OK();
    });
    if (error && !owned) close(file_descriptor);
    return error;
}

char *carrow_writer_row_group(carrow_writer *writer) {
    return guarded([&] { return writer->file->NewRowGroup(); });
}

char *carrow_writer_column(carrow_writer *writer, int32_t field, const struct carrow_values *values, int64_t start, int64_t count) {
    return guarded([&]() -> arrow::Status {
        ARROW_ASSIGN_OR_RAISE(auto array, make_array(writer->schema->field(field)->type(), *values));
        return writer->file->WriteColumnChunk(*array->Slice(start, count));
    });
}

char *carrow_writer_nested(
    carrow_writer *writer, int32_t column, const int32_t *offsets, int64_t row_count, const struct carrow_values *columns,
    int32_t column_count) {
    return guarded([&]() -> arrow::Status {
        const auto type = writer->schema->field(column)->type();
        if (type->num_fields() != column_count) return arrow::Status::Invalid("a nested column has another number of children");
        auto bounds = std::make_shared<arrow::Buffer>(
            reinterpret_cast<const uint8_t *>(offsets), (row_count + 1) * static_cast<int64_t>(sizeof(int32_t)));
        std::vector<std::shared_ptr<arrow::Array>> lists;
        for (int32_t i = 0; i < column_count; ++i) {
            const auto list_type = type->field(i)->type();
            if (columns[i].length != offsets[row_count]) return arrow::Status::Invalid("a list's values are fewer or more than its offsets say");
            ARROW_ASSIGN_OR_RAISE(auto values, make_array(list_type->field(0)->type(), columns[i]));
            lists.push_back(std::make_shared<arrow::ListArray>(list_type, row_count, bounds, values));
        }
        return writer->file->WriteColumnChunk(arrow::StructArray(type, row_count, lists));
    });
}

char *carrow_writer_finish(carrow_writer *writer) {
    return guarded([&]() -> arrow::Status {
        ARROW_RETURN_NOT_OK(writer->file->Close());
        ARROW_RETURN_NOT_OK(writer->sink->Flush());
        if (fsync(writer->sink->file_descriptor()) != 0) return arrow::Status::IOError(std::strerror(errno));
        return writer->sink->Close();
    });
}

void carrow_writer_free(carrow_writer *writer) {
    // A writer that is given up still tries to write its footer; the descriptor is closed whatever comes of it.
    carrow_text_free(guarded([&] {
        writer->file.reset();
        return arrow::Status::OK();
    }));
    carrow_text_free(guarded([&] {
        delete writer;
        return arrow::Status::OK();
    }));
}
}
