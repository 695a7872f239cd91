#pragma once

#include <bailey/http/form_data.hpp>
#include <bailey/model/reflect.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace bailey::graphql {

// A file that a request brings besides its operation, as an argument or a member of one: the scalar Upload of the
// GraphQL multipart request specification (https://github.com/jaydenseric/graphql-multipart-request-spec), where
// MountOptions::uploads lets such requests in.
//
//   schema.mutation("set_portrait", [](Arg<"file", Upload> file, Supabase supabase) -> Task<std::string> {
//     const std::string bytes = co_await file->read(1 << 20);
//     …
//
// Copies are of one file, which is there as long as one of them is. On the request's loop, one task at a time.
class Upload {
 public:
  Upload() = default;
  explicit Upload(std::shared_ptr<http::UploadFile> file) noexcept : file_(std::move(file)) {}

  // As the client says: never a path, and not to be believed.
  [[nodiscard]] const std::string& filename() const { return file().filename; }
  [[nodiscard]] const std::string& content_type() const { return file().content_type; }
  [[nodiscard]] std::uint64_t size() const { return file().size(); }
  // The next bytes, as many as there are and at most so many; "" at the end. See http::SpooledFile::read.
  [[nodiscard]] Task<std::string> read(std::size_t most_bytes = std::size_t{64} * 1024) const {
    return file().read(most_bytes);
  }
  // See http::SpooledFile::save_to.
  [[nodiscard]] Task<> save_to(std::string path) const { return file().save_to(std::move(path)); }

 private:
  // Throws Error "misuse" where there is none.
  [[nodiscard]] http::UploadFile& file() const;

  std::shared_ptr<http::UploadFile> file_;
};

}  // namespace bailey::graphql

namespace bailey {

template <>
struct TextCodec<graphql::Upload> {
  static constexpr std::string_view graphql_name = "Upload";
  static constexpr std::string_view graphql_description = "A file, as a part of a multipart request.";
  static std::string to_text(const graphql::Upload& upload) { return upload.filename(); }
  static std::expected<graphql::Upload, std::string> from_text(std::string_view text);
};

}  // namespace bailey
