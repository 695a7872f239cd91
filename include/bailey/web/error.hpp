#pragma once

#include <bailey/base/error.hpp>
#include <bailey/model/json.hpp>
#include <bailey/model/validation.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey {

// An HTTP answer to throw: the status, any JSON as `detail`, and extra headers. It reaches the client as
// {"detail": …}. An empty detail stands for the status's reason phrase, as FastAPI's HTTPException has it.
//
//   throw HttpError(404, "Card not found");
class HttpError : public Error {
 public:
  using HeaderList = std::vector<std::pair<std::string, std::string>>;

  explicit HttpError(int status);
  HttpError(int status, std::string_view detail, HeaderList headers = {});
  // `detail` is a json::value, json::object or json::array.
  template <class J>
    requires(std::same_as<J, json::value> || std::same_as<J, json::object> || std::same_as<J, json::array>)
  HttpError(int status, J detail, HeaderList headers = {})
      : HttpError(json::value(std::move(detail)), status, std::move(headers)) {}

  [[nodiscard]] const json::value& detail() const noexcept { return detail_; }
  [[nodiscard]] const HeaderList& headers() const noexcept { return headers_; }

 private:
  HttpError(json::value detail, int status, HeaderList headers);

  json::value detail_;
  HeaderList headers_;
};

// What was wrong with a request's parameters and body, every source together: answered with 422 and FastAPI's
// {"detail": [ … ]}. Register an error handler for this type to answer otherwise.
class RequestValidationError : public Error {
 public:
  explicit RequestValidationError(ValidationErrors errors);
  [[nodiscard]] const ValidationErrors& errors() const noexcept { return errors_; }

 private:
  ValidationErrors errors_;
};

}  // namespace bailey
