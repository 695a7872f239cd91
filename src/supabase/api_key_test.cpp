#include "supabase/api_key.hpp"

#include <gtest/gtest.h>

namespace bailey::client_detail {
namespace {

TEST(ApiKey, is_refused_by_the_gateway_and_not_by_the_services_behind_it) {
  const struct {
    int status;
    const char* body;
    bool refused;
  } cases[] = {
      {401, R"({"message":"Invalid API key","hint":"Double check your Supabase `anon` or `service_role` API key."})",
       true},
      {401, R"({"message":"No API key found in request"})", true},
      {403, R"({"message":"You cannot consume this service"})", true},
      {401, "<html>Authorization Required</html>", true},
      {401, "", true},
      {401, R"({"code":"PGRST301","message":"JWT cryptographic operation failed","details":null,"hint":null})", false},
      {401, R"({"code":"42501","message":"permission denied for table cards"})", false},
      {403, R"({"code":403,"error_code":"bad_jwt","msg":"invalid JWT"})", false},
      {401, R"({"code":401,"msg":"This endpoint requires a Bearer token"})", false},
      {403, "<html>Blocked by a firewall that dislikes the filter</html>", false},
      {400, R"({"message":"Invalid API key"})", false},
      {200, R"({"message":"Invalid API key"})", false},
      {503, "", false},
  };
  for (const auto& [status, body, refused] : cases) EXPECT_EQ(refuses_api_key(status, body), refused) << status << body;
}

}  // namespace
}  // namespace bailey::client_detail
