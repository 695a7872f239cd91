#pragma once

#include <bailey/http/form_data.hpp>
#include <bailey/model/reflect.hpp>
#include <bailey/runtime/semaphore.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace bailey::graphql {
namespace detail {

// What the Uploads of one file share. The client says how many there are, and resolvers run beside each other: they
// take turns.
struct SharedUpload {
  http::UploadFile file;
  Semaphore turn{1};
};

}  // namespace detail

// A file that a request brings besides its operation, as an argument or a member of one: the scalar Upload of the
// GraphQL multipart request specification (https://github.com/jaydenseric/graphql-multipart-request-spec), where
// MountOptions::uploads lets such requests in.
//
//   schema.mutation("set_portrait", [](Arg<"file", Upload> file, Supabase supabase) -> Task<std::string> {
//     const std::string bytes = co_await file->read(1 << 20);
//     …
//
// An operation may name one file in several places, and copies are of one file, which is there as long as one of them
// is: each is read by itself, and a copy goes on where the one that it is of had come to. On the request's loop.
class Upload {
 public:
  Upload() = default;
  explicit Upload(std::shared_ptr<detail::SharedUpload> file) noexcept : file_(std::move(file)) {}

  // As the client says: never a path, and not to be believed.
  [[nodiscard]] const std::string& filename() const { return file().filename; }
  [[nodiscard]] const std::string& content_type() const { return file().content_type; }
  [[nodiscard]] std::uint64_t size() const { return file().size(); }
  // The next bytes, as many as there are and at most so many; "" at the end. See http::SpooledFile::read.
  [[nodiscard]] Task<std::string> read(std::size_t most_bytes = std::size_t{64} * 1024) const;
  // See http::SpooledFile::save_to.
  [[nodiscard]] Task<> save_to(std::string path) const;

 private:
  // Throws Error "misuse" where there is none.
  [[nodiscard]] http::UploadFile& file() const;

  std::shared_ptr<detail::SharedUpload> file_;
  mutable std::uint64_t position_ = 0;
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
