#pragma once

#include <bailey/supabase/options.hpp>
#include <bailey/supabase/request_trace.hpp>
#include <bailey/supabase/token_verifier.hpp>

#include "supabase/transport.hpp"

#include <memory>
#include <utility>

namespace bailey::client_detail {

// What all handles of one project share, and the trace that some of them have. Made once, never changed, read by all
// loops.
class Project {
 public:
  // Throws Error as the constructor of Supabase says.
  explicit Project(SupabaseOptions options);
  // The same project, for handles with this trace.
  Project(const Project& project, RequestTrace trace) : shared_(project.shared_), trace_(std::move(trace)) {}

  [[nodiscard]] const SupabaseOptions& options() const noexcept { return shared_->options; }
  [[nodiscard]] const Clock& clock() const noexcept { return *options().tokens.clock; }
  // Throws PostgrestError for service_role without its key, and for an identity that has expired.
  void require_usable(const Identity& identity) const;
  [[nodiscard]] const TokenVerifier& verifier() const noexcept { return shared_->verifier; }
  [[nodiscard]] const Transport& transport() const noexcept { return *shared_->transport; }
  [[nodiscard]] const RequestTrace& trace() const noexcept { return trace_; }

 private:
  struct Shared {
    explicit Shared(SupabaseOptions given);
    SupabaseOptions options;
    TokenVerifier verifier;
    std::unique_ptr<const Transport> transport;
  };

  std::shared_ptr<const Shared> shared_;
  RequestTrace trace_;
};

}  // namespace bailey::client_detail
