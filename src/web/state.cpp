#include <bailey/web/state.hpp>

#include <bailey/web/error.hpp>

namespace bailey {

namespace {
[[noreturn]] void fail_unauthenticated() {
  throw HttpError(401, "Not authenticated", {{"WWW-Authenticate", "Bearer"}});
}
}  // namespace

const Identity& State::identity() const {
  if (!identity_) fail_unauthenticated();
  return *identity_;
}

Uuid State::user_id() const {
  const std::optional<Uuid> id = identity().user_id();
  if (!id) fail_unauthenticated();
  return *id;
}

const Supabase& State::supabase() const {
  if (!supabase_) fail_unauthenticated();
  return *supabase_;
}

void State::set_identity(Identity identity) {
  if (identity_) throw Error("identity_already_set", "Whom a request is made by cannot be changed");
  identity_.emplace(std::move(identity));
}

void State::set_identity(Identity identity, const Supabase& supabase) {
  set_identity(identity);
  supabase_.emplace(supabase.as(std::move(identity)));
}

void State::reset() noexcept {
  identity_.reset();
  supabase_.reset();
  slots_.clear();
}

}  // namespace bailey
