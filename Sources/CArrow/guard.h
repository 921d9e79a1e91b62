// Turns Arrow's statuses and C++'s exceptions into messages.
#ifndef CARROW_GUARD_H
#define CARROW_GUARD_H

#include <arrow/status.h>

#include <exception>
#include <string>

namespace carrow {

/// A copy for the caller to free; never NULL.
char *text_copy(const std::string &text) noexcept;

/// The status without Arrow's category and file names; the system's own words where a system call failed.
std::string message(const arrow::Status &status);

template <class Body>
char *guarded(Body body) noexcept {
    try {
        const arrow::Status status = body();
        return status.ok() ? nullptr : text_copy(message(status));
    } catch (const std::exception &error) {
        return text_copy(error.what());
    } catch (...) {
        return text_copy("an unknown C++ exception");
    }
}

}  // namespace carrow

#endif
