#pragma once

#include <bailey/base/uuid.hpp>
#include <bailey/pg/database.hpp>
#include <bailey/runtime/task.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stack/auth/user.hpp"

namespace bailey::stack::auth {

// Codes and links that are good once: the rows of auth.one_time_tokens, and the columns of auth.users that GoTrue keeps
// in step with them. What is sent is the code, or in a link the token: a hash of address and code, with "pkce_" before
// it when the flow was begun with a code challenge. What is stored is the token.
//
// Whoever takes or issues one holds the user's lock (user_lock.hpp), and what is read is read behind it: of many who
// bring the same token at once, one has it. A user has one token of a type; a new one replaces it.
enum class TokenType : std::uint8_t {
  confirmation,  // sign-up, invitation, code by SMS
  reauthentication,
  recovery,  // recovery, magic link
  email_change_new,
  email_change_current,
  phone_change,
};

// So many decimal digits, each as likely as any other, from the system's entropy. 1 to 18 of them.
[[nodiscard]] std::string new_code(unsigned digits);

// The token of a code: SHA-224 of both, in lower-case hexadecimal. The address is an e-mail in lower case, or a phone
// number as it is stored.
[[nodiscard]] std::string token_of(std::string_view address, std::string_view code);

inline constexpr std::string_view pkce_prefix = "pkce_";

struct IssuedToken {
  std::string code, token;
};

// How a token is issued.
struct TokenIssue {
  TokenType type = TokenType::confirmation;
  std::string address;                 // whose code it is; of phone_change, the number it changes to
  unsigned digits = 6;                 // of the code
  bool is_pkce = false;                // the flow has a code challenge
  std::optional<std::string> code{};   // a fixed one, for numbers of tests
  std::chrono::milliseconds pause{0};  // how long ago the last one of this type has been issued at least; 0: any
  std::string_view pause_code = "over_email_send_rate_limit";  // or over_sms_send_rate_limit
};

// Locks the user and gives them a new token in place of the last of its type, `*_sent_at` being now. The code is still
// to be sent, before the transaction is committed: what fails then takes the token back with it. One round trip.
// Throws AuthError 429 when the last one is more recent than `pause`.
[[nodiscard]] Task<IssuedToken> issue_token(pg::Transaction& transaction, Uuid user, TokenIssue issue);

// A change of the e-mail address: a code to the new one and, where the change must be confirmed by both, to the
// current one.
struct EmailChangeIssue {
  std::string new_email, current_email;  // current_email "": only the new address is asked
  unsigned digits = 6;
  bool is_pkce = false;
  std::chrono::milliseconds pause{0};
};
struct IssuedEmailChange {
  IssuedToken to_new;
  std::optional<IssuedToken> to_current;
};
[[nodiscard]] Task<IssuedEmailChange> issue_email_change(pg::Transaction& transaction, Uuid user,
                                                         EmailChangeIssue issue);

// A token that was good. It is good no more once the transaction is committed.
struct TakenToken {
  User user;  // as they are with the token taken, under their lock
  TokenType type = TokenType::confirmation;
  bool is_pkce = false;
};

// Takes the token of a link, if it is of one of these types. Throws AuthError 403 `otp_expired` for one that is
// unknown, used or older than `lifetime`, and `user_banned`. Nothing of it is written then.
[[nodiscard]] Task<TakenToken> take_linked_token(pg::Transaction& transaction, std::vector<TokenType> types,
                                                 std::string token, std::chrono::seconds lifetime);

// A code as somebody types it in.
struct TypedCode {
  std::vector<TokenType> types;  // the first of them that it is of
  std::string address;           // normalised: an e-mail, or for confirmation by SMS and phone_change a number
  bool is_phone = false;
  std::string audience;
  std::string code;
  std::optional<std::string> test_code{};  // of a number of tests: good at any time, and without having been issued
};
// The same of a code. An unknown address is answered as a wrong code is.
[[nodiscard]] Task<TakenToken> take_typed_code(pg::Transaction& transaction, TypedCode typed,
                                               std::chrono::seconds lifetime);

// Takes the code that a signed-in user was sent to confirm who they are, with all tokens they have, as GoTrue does.
// Throws AuthError 422 `reauthentication_not_valid`. Takes the user's lock. `address` is that of the user: the e-mail,
// else the phone number.
[[nodiscard]] Task<> take_reauthentication_code(pg::Transaction& transaction, Uuid user, std::string address,
                                                std::string code, std::chrono::seconds lifetime);

// The statements that take all tokens a user has, typed codes and links: what follows a confirmation, a recovery and a
// new password.
[[nodiscard]] std::vector<pg::Statement> clear_tokens(const Uuid& user);

}  // namespace bailey::stack::auth
