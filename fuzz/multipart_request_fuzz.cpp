// Operations that bring files, of a stranger's: the part "operations" until the first zero byte, the part "map" behind
// it, and the files a, b, 0 and 1. What is taken has a mark for each path of the map, and as many files as it names;
// what is refused is refused in words.
#include <graphql/transport/file_marks.hpp>
#include <graphql/transport/http_exchange.hpp>
#include <graphql/transport/multipart_request.hpp>

#include <bailey/http/spooled_file.hpp>
#include <bailey/runtime/blocking_pool.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace bailey;
using namespace bailey::graphql;

void require(bool holds) {
  if (!holds) std::abort();
}

std::size_t marks_in(const json::value& value, const RequestFiles& files) {
  if (const json::string* const text = value.if_string()) return files.marked(*text) ? 1 : 0;
  std::size_t marks = 0;
  if (const json::array* const items = value.if_array())
    for (const json::value& item : *items) marks += marks_in(item, files);
  if (const json::object* const members = value.if_object())
    for (const auto& [name, member] : *members) marks += marks_in(member, files);
  return marks;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view operations = text.substr(0, text.find('\0'));
  const std::string_view map = text.substr(std::min(operations.size() + 1, text.size()));
  http::FormData form;
  form.fields.push_back({.name = "operations", .value = std::string(operations)});
  form.fields.push_back({.name = "map", .value = std::string(map)});
  static BlockingPool pool;
  static const http::Spool spool(pool);
  for (const char* name : {"a", "b", "0", "1"})
    form.files.push_back(
        {.name = name, .filename = name, .content_type = {}, .headers = {}, .content = spool.make_file()});

  auto read = read_multipart(form);
  if (!read) {
    require(!read.error().empty());
    return 0;
  }
  const json::value places = try_parse_json(map).value();
  std::size_t paths = 0;
  for (const auto& [name, list] : places.as_object()) paths += list.as_array().size();
  require(read->files.size() == places.as_object().size());
  require(marks_in(read->operations, read->files) == paths);
  {
    const UploadScope scope(&read->files);
    require(has_file(read->operations) == (paths > 0));
    for (std::size_t i = 0; i < read->files.size(); ++i) {
      const auto file = TextCodec<Upload>::from_text(read->files.mark_of(i));
      require(file && !file->filename().empty());
    }
    require(!TextCodec<Upload>::from_text(read->files.mark_of(read->files.size())));
    require(!TextCodec<Upload>::from_text(map));
  }
  require(!has_file(read->operations));
  require(!TextCodec<Upload>::from_text(read->files.mark_of(0)));  // of no request
  const MountOptions options{.max_batch = 3};
  const auto asked = read_operations(std::move(read->operations), options);
  if (asked) {
    require(!asked->operations.empty() && asked->operations.size() <= options.max_batch);
  } else {
    require(!asked.error().message.empty() && asked.error().status == 400);
  }
  return 0;
}
