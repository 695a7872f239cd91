#pragma once

#include "bailey/base/error.hpp"
#include "bailey/model/json.hpp"
#include "bailey/model/validation.hpp"

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
  HttpError(int status, json::value detail, HeaderList headers = {});

  [[nodiscard]] const json::value& detail() const noexcept { return detail_; }
  [[nodiscard]] const HeaderList& headers() const noexcept { return headers_; }

 private:
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
