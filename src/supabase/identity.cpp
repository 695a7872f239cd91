// An identity without a state is the anonymous one, so a default or moved-from identity is the least of all.
#include <bailey/supabase/identity.hpp>

namespace bailey {

struct Identity::State {
  enum class Kind { anonymous, service_role, token, verified };
  Kind kind = Kind::anonymous;
  jwt::Claims claims;
  std::string token;
  std::optional<Uuid> user_id;
};

namespace {

jwt::Claims claims_of_role(std::string role) {
  jwt::Claims claims;
  claims.role = std::move(role);
  claims.json = "{}";
  return claims;
}

}  // namespace

const Identity::State& Identity::state() const noexcept {
  static const State anonymous{
      .kind = State::Kind::anonymous, .claims = claims_of_role("anon"), .token = {}, .user_id = {}};
  return state_ ? *state_ : anonymous;
}

Identity::Identity() noexcept = default;

Identity Identity::anonymous() noexcept { return {}; }

Identity Identity::service_role() {
  static const auto shared = std::make_shared<const State>(
      State{.kind = State::Kind::service_role, .claims = claims_of_role("service_role"), .token = {}, .user_id = {}});
  return Identity(shared);
}

Identity Identity::from_token(std::string token) {
  return Identity(std::make_shared<const State>(
      State{.kind = State::Kind::token, .claims = claims_of_role({}), .token = std::move(token), .user_id = {}}));
}

Identity Identity::verified(jwt::Claims claims, std::string token) {
  const std::optional<Uuid> user_id = Uuid::parse(claims.subject);
  return Identity(std::make_shared<const State>(State{
      .kind = State::Kind::verified, .claims = std::move(claims), .token = std::move(token), .user_id = user_id}));
}

bool Identity::is_verified() const noexcept { return state().kind == State::Kind::verified; }
bool Identity::is_anonymous() const noexcept { return state().kind == State::Kind::anonymous; }
bool Identity::is_service_role() const noexcept { return state().kind == State::Kind::service_role; }

std::string_view Identity::role() const noexcept { return state().claims.role; }
std::string_view Identity::subject() const noexcept { return state().claims.subject; }
std::optional<Uuid> Identity::user_id() const noexcept { return state().user_id; }
std::string_view Identity::email() const noexcept { return state().claims.email; }
std::string_view Identity::claims_json() const noexcept { return state().claims.json; }
std::optional<UnixSeconds> Identity::expires_at() const noexcept { return state().claims.expires_at; }
const jwt::Claims& Identity::claims() const noexcept { return state().claims; }
std::string_view Identity::token() const noexcept { return state().token; }

}  // namespace bailey
