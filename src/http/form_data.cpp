#include <bailey/base/error.hpp>
#include <bailey/http/form_data.hpp>

#include "http/form_text.hpp"
#include "http/header_parameters.hpp"
#include "http/part_source.hpp"

#include <bailey/base/ascii.hpp>

#include <algorithm>
#include <ranges>

namespace bailey::http {
namespace {

bool is_of_type(std::string_view content_type, std::string_view wanted) {
  return ascii::equal_ignoring_case(ascii::trim(content_type.substr(0, content_type.find(';'))), wanted);
}

// A field's value as UTF-8: its part may say that it is Latin-1, and need not be believed when it says UTF-8.
std::string text_of(std::string bytes, std::string_view content_type) {
  const auto type = parse_header_parameters(content_type);
  const std::string* const charset = type ? type->find("charset") : nullptr;
  const bool is_latin1 = charset != nullptr && (ascii::equal_ignoring_case(*charset, "iso-8859-1") ||
                                                ascii::equal_ignoring_case(*charset, "latin1"));
  return is_latin1 ? detail::latin1_to_utf8(bytes) : detail::utf8_or_latin1(std::move(bytes));
}

// What a part holds besides its bytes: a stranger may send thousands of headers of three bytes.
std::size_t memory_of(const PartHead& head) {
  std::size_t bytes =
      sizeof(UploadFile) + head.name.size() + head.filename.value_or("").size() + head.content_type.size();
  for (const auto& field : head.headers) bytes += sizeof(field) + field.first.size() + field.second.size();
  return bytes;
}

}  // namespace

std::optional<std::string_view> FormData::value(std::string_view name) const noexcept {
  for (const FormField& field : std::views::reverse(fields))
    if (field.name == name) return field.value;
  return std::nullopt;
}

UploadFile* FormData::file(std::string_view name) noexcept {
  for (UploadFile& file : std::views::reverse(files))
    if (file.name == name) return &file;
  return nullptr;
}

Task<FormData> read_form(Request& request, const Spool& spool, FormLimits limits) {
  FormData form;
  const std::string_view content_type = request.header("Content-Type").value_or("");
  if (is_of_type(content_type, "application/x-www-form-urlencoded")) {
    const std::string_view body = co_await request.body(limits.urlencoded_bytes);
    auto fields = parse_urlencoded(body, limits);
    if (!fields) throw Error(fields.error());
    form.fields = *std::move(fields);
    co_return form;
  }
  if (!is_of_type(content_type, "multipart/form-data")) {
    throw Error("unsupported_media_type",
                "The body must be a form: multipart/form-data or application/x-www-form-urlencoded", 415);
  }
  detail::PartSource source(request, limits);
  Spool::Memory& memory = form.memory_.emplace(spool);
  for (bool has_part = co_await source.next(); has_part; has_part = co_await source.next()) {
    PartHead head = source.take_head();
    memory.add(memory_of(head));
    if (!head.is_file()) {
      std::string value;
      for (auto bytes = co_await source.read(); !bytes.empty(); bytes = co_await source.read()) {
        memory.add(bytes.size());
        value.append(bytes);
      }
      form.fields.emplace_back(std::move(head.name), text_of(std::move(value), head.content_type));
      continue;
    }
    UploadFile& file =
        form.files.emplace_back(std::move(head.name), *std::move(head.filename), std::move(head.content_type),
                                std::move(head.headers), spool.make_file());
    for (auto bytes = co_await source.read(); !bytes.empty(); bytes = co_await source.read())
      co_await file.content.write(bytes);
  }
  co_return form;
}

}  // namespace bailey::http
