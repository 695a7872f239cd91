#include <graphql/transport/multipart_request.hpp>

#include <bailey/base/error.hpp>
#include <bailey/base/random.hpp>
#include <graphql/transport/file_marks.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace bailey::graphql {
namespace {

// Each is a copy of a value or an entry of a list; more than anybody has.
constexpr std::size_t max_places = 10'000;

thread_local const RequestFiles* files_in_scope = nullptr;

// At a time; what is asked for is what there is then, whatever the system likes to read at once.
constexpr std::size_t max_read_bytes = 1UZ << 30U;

Task<std::string> read_part(std::shared_ptr<detail::SharedUpload> from, std::uint64_t position,
                            std::size_t most_bytes) {
  const Semaphore::Permit turn = co_await from->turn.acquire();
  from->file.content.seek(position);
  co_return co_await from->file.read(most_bytes);
}

Task<> save(std::shared_ptr<detail::SharedUpload> from, std::string path) {
  const Semaphore::Permit turn = co_await from->turn.acquire();
  co_await from->file.save_to(std::move(path));
}

std::unexpected<std::string> wrong(std::string what) { return std::unexpected(std::move(what)); }

std::optional<std::size_t> number_in(std::string_view text) {
  std::size_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc() || stop != end) return std::nullopt;
  return number;
}

// "variables.files.0": a null there.
json::value* place_in(json::value& operations, std::string_view path) {
  json::value* at = &operations;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('.'), path.size());
    const std::string_view key = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (json::object* const object = at->if_object()) {
      at = object->if_contains(key);
    } else if (json::array* const array = at->if_array()) {
      const auto number = number_in(key);
      at = number && *number < array->size() ? &(*array)[*number] : nullptr;
    } else {
      at = nullptr;
    }
    if (at == nullptr) return nullptr;
  }
  return at->is_null() ? at : nullptr;
}

std::expected<json::value, std::string> part(const http::FormData& form, std::string_view name) {
  const auto text = form.value(name);
  if (!text) return wrong("The form has no part \"" + std::string(name) + "\", which is JSON.");
  auto parsed = try_parse_json(*text);
  if (!parsed) {
    return wrong("The part \"" + std::string(name) + "\" is no JSON: " + parsed.error().reason + " at byte " +
                 std::to_string(parsed.error().offset) + ".");
  }
  return *std::move(parsed);
}

}  // namespace

RequestFiles::RequestFiles() : mark_("file " + random_token(16) + " ") {}

std::shared_ptr<detail::SharedUpload> RequestFiles::marked(std::string_view text) const {
  if (!text.starts_with(mark_)) return nullptr;
  const auto number = number_in(text.substr(mark_.size()));
  return number && *number < files_.size() ? files_[*number] : nullptr;
}

// As deep as the JSON, which its parser bounds.
bool has_file(const json::value& value) {
  if (files_in_scope == nullptr) return false;
  if (const json::string* const text = value.if_string()) return files_in_scope->marked(*text) != nullptr;
  if (const json::array* const items = value.if_array()) return std::ranges::any_of(*items, has_file);
  const json::object* const members = value.if_object();
  return members != nullptr &&
         std::ranges::any_of(*members, [](const auto& member) { return has_file(member.value()); });
}

UploadScope::UploadScope(const RequestFiles* files) noexcept : before_(std::exchange(files_in_scope, files)) {}
UploadScope::~UploadScope() { files_in_scope = before_; }

http::UploadFile& Upload::file() const {
  if (!file_) throw Error("misuse", "This Upload is none of a request's", 500);
  return file_->file;
}

// The next one begins behind it, whether or not this one has ended, or its Upload has gone.
Task<std::string> Upload::read(std::size_t most_bytes) const {
  const std::uint64_t begin = position_;
  const auto bytes =
      static_cast<std::size_t>(std::min<std::uint64_t>(std::min(most_bytes, max_read_bytes), file().size() - begin));
  position_ += bytes;
  return read_part(file_, begin, bytes);
}

Task<> Upload::save_to(std::string path) const {
  static_cast<void>(file());
  return save(file_, std::move(path));
}

std::expected<MultipartRequest, std::string> read_multipart(http::FormData& form) {
  auto operations = part(form, "operations");
  if (!operations) return wrong(std::move(operations).error());
  auto map = part(form, "map");
  if (!map) return wrong(std::move(map).error());
  const json::object* const places = map->if_object();
  if (places == nullptr) return wrong("The part \"map\" is an object from names of parts to lists of paths.");
  MultipartRequest read{.operations = *std::move(operations)};
  std::size_t count = 0;
  for (const auto& [name, paths] : *places) {
    http::UploadFile* const file = form.file(name);
    if (file == nullptr) return wrong("The part \"map\" names a file that the form does not have.");
    if (!paths.is_array()) return wrong("The part \"map\" has a list of paths for each file.");
    for (const json::value& path : paths.get_array()) {
      if (++count > max_places) return wrong("The part \"map\" has too many paths.");
      json::value* const place =
          path.is_string() ? place_in(read.operations, std::string_view(path.get_string())) : nullptr;
      if (place == nullptr)
        return wrong("The part \"map\" has a path at which there is no null in the part \"operations\".");
      *place = read.files.mark_of(read.files.size());
    }
    read.files.add(std::move(*file));
  }
  return read;
}

}  // namespace bailey::graphql

namespace bailey {

std::expected<graphql::Upload, std::string> TextCodec<graphql::Upload>::from_text(std::string_view text) {
  using namespace graphql;
  if (files_in_scope != nullptr)
    if (auto file = files_in_scope->marked(text)) return Upload(std::move(file));
  return std::unexpected("An Upload is a file of a multipart request");
}

}  // namespace bailey
