#pragma once

#include <bailey/stack/config.hpp>

#include <boost/json.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stack/database/blocking_connection.hpp"
#include "stack/database/postmaster.hpp"
#include "stack/gateway/gateway.hpp"
#include "tests/stack/temporary_project.hpp"

namespace bailey::test {

struct Answer {
  int status = 0;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;

  [[nodiscard]] boost::json::object json() const;                 // of a body that is an object
  [[nodiscard]] std::string text(std::string_view member) const;  // "" when it is no text
  [[nodiscard]] std::string header(std::string_view name) const;
};

struct Ask {
  std::string method = "GET";
  std::string target;
  std::string body;
  std::string bearer;            // "" for none
  std::string api_key = "anon";  // "anon", "service", "publishable", "secret", "" for none, anything else as it is
  std::vector<std::pair<std::string, std::string>> headers;
};

// A whole stack without its sockets: PostgreSQL, bootstrap, a migration, and the gateway asked directly. The settings
// of auth may be changed between requests by asking for another gateway. Started once for all tests.
class LiveStack {
 public:
  static LiveStack& shared();
  // Another, whose PostgreSQL may open any file: for tests that would see by a file what SQL lets through, and that
  // the confinement would have see nothing.
  static LiveStack& unconfined();

  // The gateway with these settings of auth; the default one without. And with these of its own.
  [[nodiscard]] Answer ask(Ask ask, const stack::AuthConfig* config = nullptr,
                           const stack::gateway::GatewayOptions& options = {});
  [[nodiscard]] std::vector<stack::BlockingConnection::Row> sql(const std::string& text);  // as the superuser

  [[nodiscard]] stack::BlockingConnection connect() const;  // as the superuser
  [[nodiscard]] const stack::Cluster& cluster() const;

  // Signs up a user of a fresh address: the session.
  [[nodiscard]] boost::json::object sign_up(std::string_view name);
  [[nodiscard]] std::string fresh_email(std::string_view name);
  [[nodiscard]] std::string signed_token(std::string_view claims) const;  // by the project's own key
  [[nodiscard]] std::string others_token(std::string_view claims) const;  // by another program that has its secret

  static constexpr std::string_view password = "correct horse battery";

 private:
  struct Parts;
  explicit LiveStack(bool is_confined);
  std::unique_ptr<Parts> parts_;
};

}  // namespace bailey::test
