// Who makes a request, by other means than Supabase's tokens: API keys, HTTP Basic, OAuth2 with scopes; and what the
// document says of it. Asked by a test client, so it ends by itself; with arguments it is a server (--help).
#include <bailey/base/failed.hpp>
#include <bailey/base/random.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/security.hpp>
#include <bailey/web/test_client.hpp>

#include <iostream>
#include <string>
#include <vector>

using namespace bailey;

// [caller]
struct Caller {
  std::string name;
  std::vector<std::string> scopes;
};

// Stands for a table of tokens.
const Secret adas_token(random_token(32));

Caller caller_of(OAuth2Password<"/token"> token) {
  if (*token == adas_token) return {"ada", {"items:read"}};
  throw token.refused();  // 401, with the header that says why
}
// [/caller]

// [token]
struct Token {
  std::string access_token;
  std::string token_type = "bearer";
};

Token token_for(PasswordForm form) {
  const BasicCredentials login{form.username, form.password};
  if (!login.are("ada", Secret("correct horse"))) throw HttpError(400, "Wrong name or password");
  return {.access_token = std::string(adas_token.reveal())};
}
// [/token]

void build(App& app) {
  // [scopes]
  app.provide(caller_of);
  app.post("/token", token_for);
  app.get("/me", [](const Caller& caller) { return caller.name; });

  Router items({.dependencies = {require_scopes<Caller, "items:read">()}});
  items.get("/items", [] { return std::vector<std::string>{"pen", "paper"}; });
  items.delete_("/items/{name}", [](Path<"name">) {}, {.dependencies = {require_scopes<Caller, "items:write">()}});
  app.include(std::move(items));
  // [/scopes]

  // [key]
  app.get("/prices", [expected = Secret("k-1")](ApiKey<KeyIn::header, "X-API-Key"> key) {
    if (*key != expected) throw key.refused();
    return std::vector<int>{3, 5};
  });
  // [/key]

  // [basic]
  app.get("/admin", [](Basic<"Administrators"> login) {
    if (!login->are("root", Secret("swordfish"))) throw login.refused();
    return Html{"<h1>All is well</h1>"};
  });
  // [/basic]

  // [optional]
  app.get("/hello",
          [](std::optional<ApiKey<KeyIn::query, "key">> key) { return std::string(key ? "hello, friend" : "hello"); });
  // [/optional]

  // [edit]
  app.openapi_edit([](json::object& document) {
    document["info"].as_object()["contact"] = json::object{{"name", "Ada"}, {"email", "ada@example.com"}};
  });
  // [/edit]
}

int main(int argc, char** argv) try {
  // [app]
  App app({.title = "Stationery", .version = "1.0.0", .tags = {{"items", "What is in store"}}});
  // [/app]
  build(app);
  if (argc > 1) return run(app, argc, argv);

  TestClient client(app);
  const TestReply signed_in = client.send("POST", "/token", "grant_type=password&username=ada&password=correct+horse",
                                          {{"Content-Type", "application/x-www-form-urlencoded"}});
  const std::string token = signed_in.as<Token>().access_token;
  const TestClient::Headers ada{{"Authorization", "Bearer " + token}};
  std::cout << client.get("/me").status << ' ' << client.get("/me", ada).body << '\n';
  std::cout << client.get("/items", ada).body << '\n';
  const TestReply refused = client.delete_("/items/pen", ada);
  std::cout << refused.status << ' ' << refused.header("www-authenticate").value_or("") << '\n';
  std::cout << client.get("/prices", {{"x-api-key", "k-1"}}).body << '\n';
  std::cout << client.get("/admin").header("www-authenticate").value_or("") << '\n';
  std::cout << client.get("/hello?key=x").body << '\n';
  std::cout << client.get("/docs").status << '\n';
  return 0;
} catch (const std::exception& error) {
  return failed(error);
}
