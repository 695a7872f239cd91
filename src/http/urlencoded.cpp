#include <bailey/http/urlencoded.hpp>

#include "http/form_text.hpp"

#include <bailey/base/utf8.hpp>

#include <optional>

namespace bailey::http {
namespace {

std::string decode(std::string_view text) {
  std::string decoded;
  detail::decode_form_text(text, decoded);
  return bailey::detail::is_utf8(decoded) ? std::move(decoded) : bailey::detail::to_utf8(decoded);
}

std::unexpected<Error> too_large(std::string_view what, std::size_t limit, std::string_view unit) {
  std::string sentence(what);
  sentence.append(std::to_string(limit)).append(unit);
  return std::unexpected(Error("payload_too_large", std::move(sentence), 413));
}

}  // namespace

Expected<std::vector<FormField>> parse_urlencoded(std::string_view body, const FormLimits& limits) {
  if (body.size() > limits.urlencoded_bytes)
    return too_large("The form is longer than ", limits.urlencoded_bytes, " bytes");
  std::vector<FormField> fields;
  bool has_long_field = false;
  std::size_t count = 0;
  detail::for_each_pair(body, [&](std::string_view name, std::string_view value) {
    if (++count > limits.fields || has_long_field) return;
    FormField& field = fields.emplace_back(decode(name), decode(value));
    has_long_field = field.name.size() + field.value.size() > limits.field_bytes;
  });
  if (has_long_field) return too_large("A field of the form is longer than ", limits.field_bytes, " bytes");
  if (count > limits.fields) return too_large("The form has more than ", limits.fields, " fields");
  return fields;
}

}  // namespace bailey::http
