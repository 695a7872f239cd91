#include <bailey/supabase/auth_error.hpp>

namespace bailey {

bool AuthError::retryable() const noexcept {
  return code() == "unreachable" || code() == "timeout" || code() == "provider_unavailable";
}

}  // namespace bailey
