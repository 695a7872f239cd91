// SQL of one's own in a handler, as the user who asks: for what the REST dialect cannot say.
//
//   eval "$(bailey status -o app)"
//   sql
#include <bailey/bailey.hpp>
#include <bailey/pg/scoped_database.hpp>

using namespace bailey;

// [handler]
struct Caller {
  std::string name;
  std::optional<Uuid> user_id;
};

Task<std::vector<Caller>> who_am_i(User user) {
  const pg::Rows rows = co_await user.database().run("select current_user as name, auth.uid() as user_id");
  co_return rows.as<Caller>();
}
// [/handler]

int main() try {
  App app{{.title = "SQL"}};
  app.use(authenticate(Supabase::from_env()));
  app.get("/who-am-i", who_am_i);
  app.run();
} catch (const std::exception& error) {
  return failed(error);
}
