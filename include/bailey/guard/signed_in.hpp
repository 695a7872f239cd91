#pragma once

#include <bailey/supabase/supabase.hpp>
#include <bailey/web/guard.hpp>

#include <string_view>

namespace bailey {

// A guard by which every request is made by `identity`, whatever it brings: for tests.
//
//   TestClient client(app);
//   client.guard(signed_in(supabase, ada));
//
// The client that handlers get is `supabase.as(identity)`: over HTTP it sends the identity's token, straight to
// PostgreSQL it acts by the claims.
[[nodiscard]] Guard signed_in(Supabase supabase, Identity identity);
// The same by a user of whom nothing is known but the id and the role. There is no token: not for what goes over HTTP.
[[nodiscard]] Guard signed_in(Supabase supabase, const Uuid& user_id, std::string_view role = "authenticated");

}  // namespace bailey
