#include <bailey/web/error.hpp>

#include <bailey/http/status.hpp>

namespace bailey {

namespace {
// Error's sentence: the detail when it is one, else the status's phrase.
std::string sentence(int status, const json::value& detail) {
  if (const json::string* text = detail.if_string()) return std::string(*text);
  return std::string(http::reason_phrase(status));
}
}  // namespace

HttpError::HttpError(int status) : HttpError(status, http::reason_phrase(status)) {}

HttpError::HttpError(int status, std::string_view detail, HeaderList headers)
    : HttpError(json::value(json::string(detail.empty() ? http::reason_phrase(status) : detail)), status,
                std::move(headers)) {}

HttpError::HttpError(json::value detail, int status, HeaderList headers)
    : Error("http_error", sentence(status, detail), status), detail_(std::move(detail)), headers_(std::move(headers)) {}

RequestValidationError::RequestValidationError(ValidationErrors errors)
    : Error("request_validation", "The request is not valid", 422), errors_(std::move(errors)) {}

}  // namespace bailey
