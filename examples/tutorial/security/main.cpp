// Who is asking, and who may: accounts and tokens are Supabase Auth's, the guard is ours.
#include <bailey/bailey.hpp>

using namespace bailey;

struct Account {
  Uuid id;
  std::string email;
};

// [token]
struct Token {
  std::string access_token;
  std::string token_type = "bearer";
};
// [/token]

int main(int argc, char** argv) try {
  // [guard]
  const Supabase supabase = Supabase::from_env();  // SUPABASE_URL, SUPABASE_ANON_KEY
  App app;
  app.use(authenticate(supabase));
  app.get("/books", [] { return std::vector<std::string>{"Emma", "Ulysses"}; });
  // [/guard]

  // [user]
  app.get("/me", [](User user) { return Account{user.id(), std::string(user.email())}; });
  // [/user]

  // [open]
  app.get("/terms", [] { return PlainText{"Bring them back.\n"}; }, {.guard = open_to_all()});
  // [/open]

  // [optional]
  app.get("/greeting",
          [](std::optional<User> user) {
            return PlainText{user ? "Hello, " + std::string(user->email()) + "\n" : "Hello, stranger\n"};
          },
          {.guard = authenticate(supabase, {.optional = true})});
  // [/optional]

  // [sign_in]
  const auto credentials = [](const std::string& email, const Secret& password) {
    return Credentials{.email = email, .password = std::string(password.reveal())};
  };
  Router accounts({.guard = open_to_all()});  // who signs in has no token yet
  accounts.post("/token", [=](Form<"username"> email, Form<"password", Secret> password) -> Task<Token> {
    const auto session = co_await supabase.auth().try_sign_in_with_password(credentials(*email, *password));
    if (!session) throw HttpError(400, "Incorrect username or password");
    co_return Token{session->access_token};
  });
  accounts.post("/accounts", [=](Form<"username"> email, Form<"password", Secret> password) -> Task<> {
    const SignUpResult made = co_await supabase.auth().sign_up(credentials(*email, *password));
    log::info("somebody has an account", {{"confirmed", made.session ? "yes" : "not yet"}});
  });
  app.include(std::move(accounts));
  // [/sign_in]

  // [may]
  Router staff({.prefix = "/staff", .guard = authenticate(supabase, {.require = [](const Identity& identity) {
                                                            return identity.email().ends_with("@library.example");
                                                          }})});
  staff.get("/rota", [](User user) { return std::vector<std::string>{std::string(user.email())}; });
  app.include(std::move(staff));
  app.get("/vault", [](User user) { return Account{user.id(), std::string(user.email())}; },
          {.guard = authenticate(supabase, {.aal = "aal2"})});
  // [/may]
  return run(app, argc, argv);
} catch (const std::exception& error) {
  return failed(error);
}
