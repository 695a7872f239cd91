#include <bailey/guard/signed_in.hpp>

#include <bailey/guard/user.hpp>
#include <bailey/jwt/claims.hpp>
#include <bailey/model/json.hpp>

#include <boost/json/serialize.hpp>

#include <string>
#include <utility>

namespace bailey {

Guard signed_in(Supabase supabase, Identity identity) {
  return {.name = "signed_in",
          .admit = [supabase = std::move(supabase), identity = std::move(identity)](Request& request) -> Before {
            admit(request, identity, supabase);
            return Pass{};
          }};
}

Guard signed_in(Supabase supabase, const Uuid& user_id, std::string_view role) {
  const json::object claims{{"sub", user_id.to_string()}, {"role", role}};
  auto parsed = jwt::parse_claims(json::serialize(claims));
  return signed_in(std::move(supabase), Identity::verified(std::move(parsed.value()), {}));
}

}  // namespace bailey
