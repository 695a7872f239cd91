// The GraphQL multipart request specification: an operation whose variables have files, which are parts of a form.
#pragma once

#include <bailey/graphql/upload.hpp>
#include <bailey/http/form_data.hpp>
#include <bailey/model/json.hpp>

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey::graphql {

// The files of a request, in the order sent; in the request's state. What stands for one among the variables is a mark
// that nobody can write without having seen it: what a client writes is text, whatever it looks like.
class RequestFiles {
 public:
  RequestFiles();
  void add(http::UploadFile file) {
    files_.push_back(std::make_shared<detail::SharedUpload>(detail::SharedUpload{.file = std::move(file)}));
  }
  [[nodiscard]] std::size_t size() const noexcept { return files_.size(); }
  [[nodiscard]] std::string mark_of(std::size_t number) const { return mark_ + std::to_string(number); }
  // Null: the text is the mark of none.
  [[nodiscard]] std::shared_ptr<detail::SharedUpload> marked(std::string_view text) const;

 private:
  std::string mark_;
  std::vector<std::shared_ptr<detail::SharedUpload>> files_;
};

// As long as this is there, values of the scalar Upload are read on its thread as these files. Null: there are none.
class UploadScope {
 public:
  explicit UploadScope(const RequestFiles* files) noexcept;
  ~UploadScope();
  UploadScope(const UploadScope&) = delete;
  UploadScope& operator=(const UploadScope&) = delete;

 private:
  const RequestFiles* before_;
};

struct MultipartRequest {
  json::value operations{};  // with a mark in place of each file
  RequestFiles files{};
};

// Of a form's parts `operations`, `map` and the files; the form loses them. The error says what is wrong.
[[nodiscard]] std::expected<MultipartRequest, std::string> read_multipart(http::FormData& form);

}  // namespace bailey::graphql
