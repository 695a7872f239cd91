#pragma once

#include <bailey/model/json.hpp>
#include <bailey/web/app.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

// Looking into an app's document in tests.
namespace bailey::web_testing {

inline json::value document_of(App& app) { return parse_json(app.openapi()).value(); }

inline const json::value& at(const json::value& value, std::string_view pointer) {
  boost::system::error_code error;
  const json::value* const found = value.find_pointer(pointer, error);
  if (found == nullptr) {
    ADD_FAILURE() << pointer << " is not in " << json::serialize(value);
    static const json::value none;
    return none;
  }
  return *found;
}

inline std::string text_at(const json::value& value, std::string_view pointer) {
  return json::serialize(at(value, pointer));
}

}  // namespace bailey::web_testing
