#include <bailey/web/state.hpp>

#include <bailey/web/error.hpp>

namespace bailey {

Uuid State::user_id() const {
  if (!user_id_) throw HttpError(401, "Not authenticated", {{"WWW-Authenticate", "Bearer"}});
  return *user_id_;
}

void State::set_identity(std::optional<Uuid> user_id) {
  if (has_identity_) throw Error("identity_already_set", "Whom a request is made by cannot be changed");
  has_identity_ = true;
  user_id_ = user_id;
}

void State::reset() noexcept {
  has_identity_ = false;
  user_id_.reset();
  for (Slot& slot : slots_) slot.clear();
}

}  // namespace bailey
