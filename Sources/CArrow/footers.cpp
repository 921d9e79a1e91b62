#include <arrow/api.h>
#include <arrow/io/file.h>
#include <parquet/file_reader.h>
#include <parquet/file_writer.h>
#include <parquet/metadata.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "CArrow.h"
#include "guard.h"

using carrow::guarded;

struct carrow_footers {
    std::shared_ptr<parquet::FileMetaData> joined;
};

extern "C" {

char *carrow_footers_add(carrow_footers **footers, const char *path, const char *relative_path) {
    return guarded([&] {
        auto footer = parquet::ParquetFileReader::OpenFile(path, false)->metadata();
        footer->set_file_path(relative_path);
        if (!*footers) *footers = new carrow_footers();
        if ((*footers)->joined) (*footers)->joined->AppendRowGroups(*footer);
        else (*footers)->joined = footer;
        return arrow::Status::OK();
    });
}

char *carrow_footers_write(carrow_footers *footers, int file_descriptor) {
    bool owned = false;
    char *error = guarded([&]() -> arrow::Status {
        ARROW_ASSIGN_OR_RAISE(auto sink, arrow::io::FileOutputStream::Open(file_descriptor));
        owned = true;
        // As a file of Parquet begins; the footer follows with its length and the same mark.
        ARROW_RETURN_NOT_OK(sink->Write("PAR1", 4));
        parquet::WriteMetaDataFile(*footers->joined, sink.get());
        ARROW_RETURN_NOT_OK(sink->Flush());
        if (fsync(file_descriptor) != 0) return arrow::Status::IOError(std::strerror(errno));
        return sink->Close();
    });
    if (error && !owned) close(file_descriptor);
    return error;
}

void carrow_footers_free(carrow_footers *footers) {
    carrow_text_free(guarded([&] {
        delete footers;
        return arrow::Status::OK();
    }));
}
}
