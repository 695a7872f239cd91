#include <bailey/guard/user.hpp>

#include <bailey/pg/scoped_database.hpp>

#include <bailey/web/error.hpp>
#include <bailey/web/trace_context.hpp>

#include <optional>
#include <string>
#include <utility>

namespace bailey {

namespace {

// Its slot in a request's state is filled by `admit` alone, as nobody else can name the type.
class Admitted {
 public:
  explicit Admitted(Supabase supabase) : supabase_(std::move(supabase)) {}
  [[nodiscard]] const Supabase& supabase() const noexcept { return supabase_; }

 private:
  Supabase supabase_;
};

[[noreturn]] void refuse_unguarded(const RouteInfo& route, std::string_view type) {
  route.refuse("its handler takes a " + std::string(type) +
               " but no guard stands before it: app.use(authenticate(supabase))");
}

[[noreturn]] void refuse_exempt(const RouteInfo& route, std::string_view type) {
  route.refuse("its handler takes a " + std::string(type) +
               " but the guard looks at no token there (the path is in exempt, or the method is OPTIONS): name the "
               "path in optional_for and take std::optional<User>");
}

void require_users(const RouteInfo& route, std::string_view type) {
  if (route.admits != Admits::others) return;
  route.refuse("its handler takes a " + std::string(type) +
               " but the guard admits nobody who is a user (its roles are service_role alone): take a Supabase, which "
               "acts as whoever makes the request");
}

void require_guard(const RouteInfo& route, std::string_view type) {
  if (route.guarded == Guarded::by_none) refuse_unguarded(route, type);
  if (route.guarded == Guarded::exempt) refuse_exempt(route, type);
  if (route.guarded == Guarded::always) return;
  route.refuse("its handler takes a " + std::string(type) +
               " but the guard lets requests without a user through to it (the path is in optional_for): take "
               "std::optional<User>");
}

}  // namespace

void admit(Request& request, Identity identity, const Supabase& supabase) {
  request.state().set_identity(identity.user_id());
  Supabase client = supabase.as(std::move(identity));
  if (const TraceContext* const trace = trace_of(request)) {
    request.state().set(Admitted(client.traced({.traceparent = trace->traceparent(),
                                                .tracestate = trace->tracestate(),
                                                .request_id = std::string(request.id())})));
  } else {
    request.state().set(Admitted(std::move(client)));
  }
}

const Supabase& supabase_of(const Request& request) {
  const auto* admitted = request.state().get<Admitted>();
  if (admitted == nullptr) throw HttpError(401, "Not authenticated", {{"WWW-Authenticate", "Bearer"}});
  return admitted->supabase();
}

pg::ScopedDatabase User::database() const { return supabase_.database(); }

void Binder<User>::describe(RouteInfo& route) {
  require_guard(route, "User");
  require_users(route, "User");
}

// Who makes the request is known, and is no user: another token would not help, another key's owner might.
User Binder<User>::bind(const Request& request) {
  const std::optional<Uuid>& user_id = request.state().known_user_id();
  if (!user_id && request.state().has_identity())
    throw HttpError(403, "This is for users, and the token is no user's",
                    {{"WWW-Authenticate", R"(Bearer error="insufficient_scope")"}});
  return User(user_id ? *user_id : request.state().user_id(), supabase_of(request));
}

// Where no guard looks at tokens it would be nobody in every request, valid tokens or not.
void Binder<std::optional<User>>::describe(RouteInfo& route) {
  if (route.guarded == Guarded::by_none) refuse_unguarded(route, "std::optional<User>");
  if (route.guarded == Guarded::exempt) refuse_exempt(route, "std::optional<User>");
  require_users(route, "std::optional<User>");
}

std::optional<User> Binder<std::optional<User>>::bind(const Request& request) {
  if (!request.state().known_user_id()) return std::nullopt;
  return Binder<User>::bind(request);
}

void Binder<Supabase>::describe(RouteInfo& route) { require_guard(route, "Supabase"); }

Supabase Binder<Supabase>::bind(const Request& request) { return supabase_of(request); }

}  // namespace bailey
