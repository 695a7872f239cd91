#pragma once

#include <bailey/supabase/options.hpp>
#include <bailey/supabase/token_verifier.hpp>

#include "supabase/transport.hpp"

#include <memory>
#include <string>

namespace bailey::client_detail {

// What all handles of one project share. Made once, never changed, read by all loops.
class Project {
 public:
  // Throws Error as the constructor of Supabase says.
  explicit Project(SupabaseOptions options);

  [[nodiscard]] const SupabaseOptions& options() const noexcept { return options_; }
  [[nodiscard]] const Clock& clock() const noexcept { return *options_.tokens.clock; }
  // Throws PostgrestError for service_role without its key, and for an identity that has expired.
  void require_usable(const Identity& identity) const;
  [[nodiscard]] const TokenVerifier& verifier() const noexcept { return verifier_; }
  [[nodiscard]] const Transport& transport() const noexcept { return *transport_; }

 private:
  SupabaseOptions options_;
  TokenVerifier verifier_;
  std::unique_ptr<const Transport> transport_;
};

}  // namespace bailey::client_detail
