// The error of the C++ surface. Include noodle_deploy.hpp.

#ifndef NOODLE_DEPLOY_ERROR_HPP
#define NOODLE_DEPLOY_ERROR_HPP

#include <exception>

#include "noodle_deploy_ops.hpp"

namespace noodle {

/// What went wrong.
class Error : public std::exception {
public:
    explicit Error(ErrorRecord record) : record_(std::make_shared<ErrorRecord>(std::move(record))) {}

    /// One of the NOODLE_ERROR_ constants.
    noodle_status code() const { return static_cast<noodle_status>(record_->code); }
    /// Everything else: kind, message, operation, context, retryable.
    const ErrorRecord &record() const { return *record_; }
    /// A line to print: operation, message, and in parentheses names and values.
    const char *what() const noexcept override { return record_->message.c_str(); }

    /// The error of this thread's last call.
    static Error last() { return Error(read(noodle_last_error())); }
    static ErrorRecord read(const noodle_error_record *from) {
        ErrorRecord record;
        detail::get(from, record, detail::Reader{});
        return record;
    }
    static Error invalid(std::string field, std::string allowed) {
        ErrorRecord record;
        record.code = NOODLE_ERROR_INVALID_ARGUMENT;
        record.kind = "invalid_argument";
        record.message = field + " is not valid (field: " + field + ", allowed: " + allowed + ")";
        record.context = {{"field", std::move(field)}, {"allowed", std::move(allowed)}};
        return Error(std::move(record));
    }

private:
    std::shared_ptr<const ErrorRecord> record_;
};

} // namespace noodle

#endif // NOODLE_DEPLOY_ERROR_HPP
