#include <bailey/query/rest_error.hpp>

#include <gtest/gtest.h>

namespace bailey::query {
namespace {

// PostGIS quotes what it could not read as it cut it.
TEST(RestError, is_json_whatever_bytes_postgresql_has_told) {
  const RestError error(400, "XX000", "parse error \xED\x9F", std::nullopt, "\"\xED\x9F\xBF\xFF\" <-- here");
  EXPECT_EQ(error.to_json(),
            "{\"code\":\"XX000\",\"details\":null,\"hint\":\"\\\"\xED\x9F\xBF\xEF\xBF\xBD\\\" <-- here\","
            "\"message\":\"parse error \xEF\xBF\xBD\xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace bailey::query
