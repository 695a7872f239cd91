// An API whose handlers give the loop away between every two steps, so that requests of different users interleave in
// every order there is. They take what there is to take in every form a parameter can have. What comes back must still
// be the asking user's own.
#include <bailey/bailey.hpp>

#include <boost/asio/post.hpp>

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace bailey;

namespace {

struct Card {
  std::int64_t id;
  Uuid user_id;
  std::string full_name;
};

// Lets other requests run: always once, sometimes several times, now and then for a millisecond or two.
Task<> give_way() {
  thread_local std::minstd_rand dice{std::random_device{}()};
  const unsigned thrown = dice() % 16;
  for (unsigned turn = 0; turn <= thrown % 4; ++turn) co_await boost::asio::post(Loop::current().executor(), use_task);
  if (thrown == 0) co_await sleep_for(std::chrono::milliseconds(2));
}

Task<std::vector<Card>> cards_of(const Supabase& supabase) {
  co_await give_way();
  auto query = supabase.from("business_cards").select<Card>().order("id");
  co_await give_way();
  std::vector<Card> cards = co_await std::move(query);
  co_await give_way();
  co_return cards;
}

// What the handler is given, after it has suspended: the rows it may read, or one that names who sent the value.
Task<std::vector<Card>> rows_of(const User& user) {
  co_await give_way();
  std::vector<Card> cards = co_await cards_of(user.supabase());
  if (cards.front().user_id != user.id()) throw HttpError(500, "another user's");
  co_return cards;
}
Task<std::vector<Card>> rows_of(const std::optional<User>& user) {
  co_await give_way();
  co_return co_await rows_of(user.value());
}
Task<std::vector<Card>> rows_of(const Supabase& supabase) { return cards_of(supabase); }
Task<std::vector<Card>> rows_of(const Request& request) {
  co_await give_way();
  co_return std::vector<Card>{{0, request.state().user_id(), {}}};
}

struct Sent {
  Uuid user_id;
};
using InPath = Path<"user_id", Uuid>;
using InQuery = Query<"user_id">;
using InHeader = Header<"x-user-id">;
Uuid id_in(const InPath& sent) { return *sent; }
Uuid id_in(const InQuery& sent) { return Uuid::parse(*sent).value(); }
Uuid id_in(const InHeader& sent) { return Uuid::parse(*sent).value(); }
Uuid id_in(const Json<Sent>& sent) { return sent->user_id; }
Uuid id_in(const Body& sent) { return decode_json<Sent>(*sent).value().user_id; }

template <class T>
Task<std::vector<Card>> rows_of(const T& sent) {
  co_await give_way();
  const Uuid id = id_in(sent);
  co_await give_way();
  co_return std::vector<Card>{{0, id, {}}, {1, id_in(sent), {}}};
}

// A handler that is the coroutine itself, and one that hands what it is given on to a coroutine.
template <class P>
void add_form(App& app, const std::string& path, const std::string& rest) {
  const auto coroutine = [](P given) -> Task<std::vector<Card>> {
    co_await give_way();
    co_return co_await rows_of(given);
  };
  const auto forwarding = [](P given) { return rows_of(given); };
  app.get(runtime_path(path + "/coroutine" + rest), coroutine)
      .post(runtime_path(path + "/coroutine" + rest), coroutine);
  app.get(runtime_path(path + "/forwarding" + rest), forwarding);
  app.post(runtime_path(path + "/forwarding" + rest), forwarding);
}

template <class T>
void add_forms(App& app, const std::string& path, const std::string& rest = {}) {
  add_form<T>(app, path + "/value", rest);
  add_form<const T&>(app, path + "/reference", rest);
  add_form<T&&>(app, path + "/rvalue", rest);
}

}  // namespace

int main() {
  const Supabase supabase = Supabase::from_env();
  App app{{.title = "Interleaving", .version = "1.0.0"}};
  app.use(authenticate(supabase, {.optional_for = {"/optional/*"}}));
  app.use([](Request& request, const Next& next) -> Task<Response> {
    co_await give_way();
    co_return co_await next(request);
  });
  add_forms<User>(app, "/user");
  add_forms<std::optional<User>>(app, "/optional");
  add_forms<Supabase>(app, "/supabase");
  add_forms<InPath>(app, "/path", "/{user_id}");
  add_forms<InQuery>(app, "/query");
  add_forms<InHeader>(app, "/header");
  add_forms<Json<Sent>>(app, "/json");
  add_forms<Body>(app, "/body");
  add_form<const Request&>(app, "/request/reference", "");
  app.run();
}
