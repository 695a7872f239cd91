// Puts the local Supabase together: lock, PostgreSQL, bootstrap, migrations, seeds, then the gateway; and takes it
// apart in reverse, which the order of the objects in `run_stack` sees to.
#include <bailey/stack/stack.hpp>

#include <bailey/base/log.hpp>
#include <bailey/http/server.hpp>
#include <bailey/runtime/runtime.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <optional>

#include "stack/auth/auth_app.hpp"
#include "stack/database/blocking_connection.hpp"
#include "stack/database/cluster.hpp"
#include "stack/database/environment.hpp"
#include "stack/database/port.hpp"
#include "stack/database/postmaster.hpp"
#include "stack/database/preparation.hpp"
#include "stack/database/superuser.hpp"
#include "stack/gateway/gateway.hpp"
#include "stack/mail/mail_catcher.hpp"
#include "stack/mail/post.hpp"
#include "stack/project/keys.hpp"
#include "stack/project/lock.hpp"
#include "stack/project/state_folder.hpp"
#include "stack/rest/rest_app.hpp"
#include "stack/rest/rest_token.hpp"
#include "stack/status.hpp"

namespace bailey::stack {
namespace {

// They may be made while the stack runs, and are served from then on; until then their user may wonder.
void warn_of_missing_schemas(const std::vector<std::string>& schemas, const Cluster& cluster) {
  BlockingConnection connection = connect_as_superuser(cluster);
  for (const std::string& schema : schemas) {
    if (connection.query("select from pg_namespace where nspname = $1", {schema}).empty()) {
      log::warning("a schema of the configuration is not in the database", {{"schema", schema}});
    }
  }
}

// PostgreSQL is on this machine and comes back by itself: looking for it often costs nothing, and waiting is felt.
pg::Options database_options(Secret connection_string, std::string application_name) {
  pg::Options options;
  options.connection_string = std::move(connection_string);
  options.application_name = std::move(application_name);
  options.backoff_limit = std::chrono::milliseconds(500);
  return options;
}

query::Executor make_executor(const Config& config, const Cluster& cluster) {
  pg::Options options = database_options(cluster.service_connection_string("authenticator"), "bailey-rest");
  options.role_check = pg::RoleCheck::by_caller;  // of query::Executor: what authenticator was granted
  return query::Executor(pg::Database(std::move(options)),
                         {.schemas = config.api.schemas,
                          .extra_search_path = config.api.extra_search_path,
                          .anon_role = std::string(rest::anon_role),
                          .max_rows = config.api.max_rows > 0 ? std::optional(config.api.max_rows) : std::nullopt,
                          .settings = {{"app.settings.jwt_exp", std::to_string(config.auth.jwt_expiry.count())}}});
}

// Their mistakes are told before anything is started.
mail::Letters load_letters(const Project& project, const Config& config) {
  Expected<mail::Letters> letters = mail::Letters::load(project, config.auth.email);
  if (!letters) throw letters.error();
  return *std::move(letters);
}

// Whose web pages may ask.
std::vector<std::string> pages_of(const Config& config) {
  std::vector<std::string> pages = config.auth.additional_redirect_urls;
  pages.push_back(config.auth.site_url);
  return pages;
}

void require_free_ports(const Config& config) {
  require_free_port(config.api.port, "the API", "[api] port");
  if (!config.mailbox.enabled) return;
  require_free_port(config.mailbox.port, "the mailbox", "[inbucket] port");
  if (config.mailbox.smtp_port) {
    require_free_port(*config.mailbox.smtp_port, "the mailbox's SMTP server", "[inbucket] smtp_port");
  }
}

pg::Database auth_database(const Cluster& cluster) {
  return pg::Database(database_options(cluster.service_connection_string("supabase_auth_admin"), "bailey-auth"));
}

http::ServerOptions server_options(const Config& config) {
  http::ServerOptions options;
  options.port = config.api.port;
  options.idle_timeout = std::chrono::seconds(75);
  options.shutdown_timeout = std::chrono::seconds(5);
  return options;
}

// While it lives, SIGINT and SIGTERM do not end the process: the runtime, as long as it runs, is told of them, and
// afterwards nobody.
class HeldSignals {
  boost::asio::io_context never_run_;
  boost::asio::signal_set signals_{never_run_, SIGINT, SIGTERM};
};

}  // namespace

void run_stack(const Project& project, const Config& config, StackOptions options) {
  forget_other_databases();
  std::optional<HeldSignals> held;  // outlives all below: their end is waited for, whatever comes meanwhile
  make_state_folder(project);
  const ProjectLock lock(project);
  require_free_ports(config);
  const ProjectKeys keys = load_keys(project, config.auth);
  const mail::Letters letters = load_letters(project, config);
  const Postmaster postmaster(open_cluster(project, config.db.port, options.reset));
  const Cluster& cluster = postmaster.cluster();
  warn_of_settings_not_followed(config, cluster.programs.major);
  prepare_database(project, config, cluster);
  warn_of_missing_schemas(config.api.schemas, cluster);

  Runtime runtime({.threads = options.threads});
  mail::MailCatcher catcher(runtime, config.mailbox, pages_of(config));
  const mail::Post post = mail::open_post(letters, config, catcher.mailbox());
  const std::string issuer = config.auth.jwt_issuer.empty() ? config.auth_url() : config.auth.jwt_issuer;
  const auth::AuthContext context(config.auth, issuer, keys.signing, keys.accepted, auth_database(cluster));
  auth::AuthApp auth(context);
  const query::Executor executor = make_executor(config, cluster);
  rest::RestApp rest(executor, keys.accepted);
  const gateway::ApiKeys api_keys(keys);
  gateway::Gateway gateway(api_keys, {auth.app(), rest.app()},
                           {.require_api_key = config.api.require_api_key, .pages = pages_of(config)});
  http::Server server(runtime, gateway.handler(), server_options(config));
  catcher.start();
  server.start();
  runtime.loop(0).spawn("schema watch", executor.watch());
  runtime.loop(0).post([&] {
    if (options.ready) options.ready(status_of(config, keys));
  });
  held.emplace();
  runtime.run();
  log::info("stopping PostgreSQL; the data stays", {{"folder", cluster.data.string()}});
}

Expected<Status> running_status(const Project& project, const Config& config) try {
  if (!ProjectLock::holder(project)) {
    return std::unexpected(Error(
        "not_running", "the stack of " + project.root.string() + " is not running; start it with bailey dev", 503));
  }
  return status_of(config, client_keys(config.auth));
} catch (const Error& failure) {
  return std::unexpected(failure);
}

Expected<void> stop_stack(const Project& project) {
  const auto holder = ProjectLock::holder(project);
  auto process = holder && *holder > 1 ? Process::adopt(*holder) : std::nullopt;
  // Asked again once there is a handle, which never means another process: the number read first may have been that of
  // an earlier run.
  if (!process || ProjectLock::holder(project) != holder) {
    return std::unexpected(Error("not_running", "the stack of " + project.root.string() + " is not running", 503));
  }
  const std::string name = "the stack (process " + std::to_string(*holder) + ")";
  if (!process->signal(SIGTERM)) {
    return std::unexpected(Error("not_permitted", name + " is another user's; stop it as that user", 403));
  }
  if (process->wait(std::chrono::seconds(30))) return {};
  return std::unexpected(
      Error("stop_timeout", name + " has not ended yet: it may have much to write to disk, as its log says"));
}

}  // namespace bailey::stack
