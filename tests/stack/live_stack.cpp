#include "tests/stack/live_stack.hpp"

#include <bailey/http/local_request.hpp>
#include <bailey/runtime/run_blocking.hpp>

#include "stack/auth/auth_app.hpp"
#include "stack/database/bootstrap.hpp"
#include "stack/database/migrations.hpp"
#include "stack/gateway/gateway.hpp"
#include "stack/project/keys.hpp"
#include "stack/rest/rest_app.hpp"
#include "tests/support/others_token.hpp"
#include "tests/support/postgres_process.hpp"

namespace bailey::test {

namespace json = boost::json;

json::object Answer::json() const {
  json::value value = json::parse(body);
  return value.is_object() ? value.get_object() : json::object{};
}

std::string Answer::text(std::string_view member) const {
  const json::object object = json();
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

std::string Answer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (http::equal_ignoring_case(key, name)) return value;
  }
  return "";
}

struct LiveStack::Parts {
  TemporaryProject folder;
  stack::Config config;
  std::unique_ptr<stack::Postmaster> postmaster;
  std::optional<stack::ProjectKeys> keys;
  int users = 0;
};

LiveStack& LiveStack::shared() {
  static LiveStack stack(true);
  return stack;
}

LiveStack& LiveStack::unconfined() {
  static LiveStack stack(false);
  return stack;
}

LiveStack::LiveStack(bool is_confined) : parts_(std::make_unique<Parts>()) {
  parts_->config.db.port = free_port();
  parts_->folder.write("migrations/20260101000000_notes.sql",
                       "create table public.notes (id int primary key, owner uuid default auth.uid(), body text);\n"
                       "alter table public.notes enable row level security;\n"
                       "create policy own on public.notes for all to authenticated using (owner = auth.uid());\n");
  parts_->keys = stack::load_keys(parts_->folder.project, parts_->config.auth);
  stack::Cluster cluster = stack::open_cluster(parts_->folder.project, parts_->config.db.port, false);
  cluster.is_confined = is_confined;
  parts_->postmaster = std::make_unique<stack::Postmaster>(std::move(cluster));
  stack::bootstrap(parts_->postmaster->cluster());
  const auto as_postgres = parts_->postmaster->cluster().own_connection_string("postgres");
  stack::apply_migrations(parts_->folder.project, as_postgres);
}

Answer LiveStack::ask(Ask question, const stack::AuthConfig* auth_config,
                      const stack::gateway::GatewayOptions& options) {
  const stack::Cluster& cluster = parts_->postmaster->cluster();
  const stack::ProjectKeys& keys = *parts_->keys;
  if (question.api_key == "anon") question.api_key = keys.anon_key;
  if (question.api_key == "service") question.api_key = keys.service_role_key;
  if (question.api_key == "publishable") question.api_key = keys.publishable_key;
  if (question.api_key == "secret") question.api_key = keys.secret_key;
  if (!question.api_key.empty()) question.headers.emplace_back("apikey", question.api_key);
  if (!question.bearer.empty()) question.headers.emplace_back("Authorization", "Bearer " + question.bearer);
  pg::Options auth_options;
  auth_options.connection_string = cluster.service_connection_string("supabase_auth_admin");
  pg::Options rest_options;
  rest_options.connection_string = cluster.service_connection_string("authenticator");
  rest_options.role_check = pg::RoleCheck::by_caller;

  Answer answer;
  const stack::auth::AuthContext context(auth_config != nullptr ? *auth_config : parts_->config.auth,
                                         "http://127.0.0.1/auth/v1", keys.signing, keys.accepted,
                                         pg::Database(auth_options));
  stack::auth::AuthApp auth(context);
  stack::rest::RestApp rest(query::Executor(pg::Database(rest_options)), keys.accepted);
  const stack::gateway::ApiKeys api_keys(keys);
  stack::gateway::Gateway gateway(api_keys, {auth.app(), rest.app()}, options);
  http::Handler& handler = gateway.handler();
  http::LocalRequest request(
      {.method = question.method, .target = question.target, .headers = question.headers, .body = question.body},
      handler.attach());
  run_blocking([&]() -> Task<> {
    http::Response response = co_await http::ask(handler, request.request());
    answer.status = response.status;
    answer.body = response.body;
    response.headers.for_each(
        [&](std::string_view name, std::string_view value) { answer.headers.emplace_back(name, value); });
  });
  return answer;
}

std::vector<stack::BlockingConnection::Row> LiveStack::sql(const std::string& text) { return connect().query(text); }

stack::BlockingConnection LiveStack::connect() const {
  return stack::BlockingConnection(cluster().admin_connection_string());
}

const stack::Cluster& LiveStack::cluster() const { return parts_->postmaster->cluster(); }

std::string LiveStack::fresh_email(std::string_view name) {
  return std::string(name) + std::to_string(++parts_->users) + "@example.com";
}

json::object LiveStack::sign_up(std::string_view name) {
  const json::object body{{"email", fresh_email(name)}, {"password", password}};
  return ask({.method = "POST", .target = "/auth/v1/signup", .body = json::serialize(body)}).json();
}

std::string LiveStack::signed_token(std::string_view claims) const {
  return parts_->keys->signing.sign(claims).value();
}

std::string LiveStack::others_token(std::string_view claims) const {
  return token_of_others(parts_->keys->jwt_secret, claims);
}

}  // namespace bailey::test
