// Templates of letters: any text is read or refused, within bounds, and a value of a stranger's never becomes a tag.
#include <boost/json/object.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "stack/mail/template/template.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bailey::stack::mail;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  TemplateLimits limits;
  limits.steps = 2000;
  limits.result_bytes = 20'000;
  const auto made = Template::parse(text, "t", 1, limits);
  if (!made) {
    if (made.error().code() != "invalid_template" || !made.error().message().starts_with("t:")) std::abort();
    return 0;
  }
  boost::json::object values;
  values.emplace("A", "\"'><evil>");
  values.emplace("B", boost::json::array{1, "<evil>", nullptr, true, boost::json::object{{"c", "<evil>"}}});
  values.emplace("C", boost::json::object{{"d", "javascript:<evil>"}, {"e", 7}});
  values.emplace("D", "");
  const auto filled = made->render(values);
  // What the template itself says may hold it.
  if (filled && !text.contains("evil") && filled->contains("<evil>")) std::abort();
  return 0;
}
