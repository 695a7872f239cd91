#include "pg/response_limit.hpp"

#include <string>

namespace bailey::pg::detail {

ResponseTooLarge::ResponseTooLarge(std::size_t limit_bytes)
    : Error("response_too_large",
            "The database's answer has more than " + std::to_string(limit_bytes) +
                " bytes (response_limit_bytes). Ask for fewer rows or columns at a time (limit, range), or raise the "
                "limit.",
            502, {502, false}) {}

}  // namespace bailey::pg::detail
