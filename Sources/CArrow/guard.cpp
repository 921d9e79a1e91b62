#include "guard.h"

#include <arrow/util/io_util.h>

#include <cstdlib>
#include <cstring>

#include "CArrow.h"

namespace carrow {

namespace {
// Stands in for a message when there is no memory left for one.
char out_of_memory[] = "out of memory";
}  // namespace

char *text_copy(const std::string &text) noexcept {
    char *copy = strdup(text.c_str());
    return copy ? copy : out_of_memory;
}

std::string message(const arrow::Status &status) {
    const int number = arrow::internal::ErrnoFromStatus(status);
    return number != 0 ? std::string(std::strerror(number)) : status.message();
}

}  // namespace carrow

extern "C" {

void carrow_text_free(char *text) {
    if (text != carrow::out_of_memory) free(text);
}

void carrow_schema_release(struct ArrowSchema *schema) {
    if (schema->release) schema->release(schema);
}

void carrow_array_release(struct ArrowArray *array) {
    if (array->release) array->release(array);
}
}
