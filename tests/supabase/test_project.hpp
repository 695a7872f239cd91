#pragma once

#include <bailey/runtime/run_blocking.hpp>
#include <bailey/supabase/supabase.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace bailey::test {

struct TestUser {
  std::string id;
  std::string token;
};

// The project the suite runs against, with two users and two tables:
//   test_cards   rows belong to who made them; anon sees none, by policy
//   test_values  a row for every kind of value, everyone may do everything
// and two views of one row:
//   test_claims    the claims of the request
//   test_patience  the time a statement may take, as Supabase gives it: 3 s to anon, 8 s to authenticated
// Made once for the program; `reset` puts the tables back as they were.
class TestProject {
 public:
  [[nodiscard]] static TestProject& shared();

  [[nodiscard]] const SupabaseOptions& http_options() const noexcept { return http_; }
  [[nodiscard]] const SupabaseOptions& direct_options() const noexcept { return direct_; }
  [[nodiscard]] const TestUser& alice() const noexcept { return alice_; }
  [[nodiscard]] const TestUser& bob() const noexcept { return bob_; }

  // A token signed by the project with these claims.
  [[nodiscard]] std::string token(std::string_view claims_json) const;
  // The claims of a user, good for an hour or over since one.
  [[nodiscard]] static std::string claims_of(std::string_view user_id, bool expired = false);

  [[nodiscard]] static std::int64_t unix_now();

  void reset() const;
  // Runs SQL as the tables' owner.
  void execute(std::string sql) const;

 private:
  TestProject();

  SupabaseOptions http_;
  SupabaseOptions direct_;
  std::string admin_;  // connection string of the tables' owner
  TestUser alice_;
  TestUser bob_;
};

enum class Way { http, direct };
[[nodiscard]] std::string name_of(const testing::TestParamInfo<Way>& way);

// A test that is run over HTTP and directly, with the tables as they were in the beginning.
class OverBothWays : public testing::TestWithParam<Way> {
 protected:
  void SetUp() override { project().reset(); }

  [[nodiscard]] static TestProject& project() { return TestProject::shared(); }
  [[nodiscard]] Supabase nobody() const {
    return Supabase(GetParam() == Way::http ? project().http_options() : project().direct_options());
  }
  [[nodiscard]] Supabase alice() const { return nobody().as(project().alice().token); }
  [[nodiscard]] Supabase bob() const { return nobody().as(project().bob().token); }
};

// Awaits a request from plain code.
template <class R>
R get(Pending<R>&& request) {
  return run_blocking(request.execute());
}
// The error a request ends with; a failure of the test if it succeeds.
template <class R>
PostgrestError error_of(Pending<R>&& request) {
  const auto outcome = run_blocking(request.try_execute());
  if (!outcome) return outcome.error();
  ADD_FAILURE() << "the request succeeded";
  return {"none", "", 200};
}

#define BAILEY_OVER_BOTH_WAYS(suite) \
  INSTANTIATE_TEST_SUITE_P(Transport, suite, testing::Values(Way::http, Way::direct), name_of)

}  // namespace bailey::test
