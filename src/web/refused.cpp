// Must not compile, each case with its own sentence; see CMakeLists.txt.
#include <bailey/model/ip_address.hpp>
#include <bailey/model/time_of_day.hpp>
#include <bailey/web/app.hpp>
#include <bailey/web/background.hpp>
#include <bailey/web/body_stream.hpp>
#include <bailey/web/event_stream.hpp>
#include <bailey/web/parameter_models.hpp>
#include <bailey/web/projection.hpp>
#include <bailey/web/security.hpp>

#include "tests/support/viewing_tag.hpp"

#include <boost/container/small_vector.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

using namespace bailey;

enum class Order { asc, desc };

struct Named {
  std::string_view name;
};

struct Tagged {
  std::vector<Tag> tags;
};

[[maybe_unused]] static std::string shared_text;

struct Settings {
  int limit = 0;
};

struct Nest {
  Settings settings;
};

struct Change {
  std::optional<int> limit;
};
template <>
constexpr auto bailey::rules<Change> = fields(field<&Change::limit>(not_null), min_members(1));

struct Caller {
  std::vector<std::string> scopes;
};

struct Around {
  const Request* request;
};
template <>
struct bailey::Binder<Around> {
  static constexpr bool looks_into_request = true;
  static Around bind(const Request& request) { return {&request}; }
};

struct Account {
  int id = 0;
  std::string password_hash;
  void check() const {}
};
struct Login {
  std::string password_hash;
};

void add_to(Router& router, App& app) {
#if REFUSED == 1
  // [unfinished_path]
  router.get("/cards/{id", [] { return 1; });
  // [/unfinished_path]
#elif REFUSED == 2
  // [other_name]
  app.get("/cards/{id}", [](Path<"card_id", int> id) { return *id; });
  // [/other_name]
#elif REFUSED == 3
  app.get("/cards/{id}", [](Path<"card_id", int, Number{.ge = 1}> id) { return *id; });
#elif REFUSED == 4
  // [rule_on_another_type]
  router.get("/cards", [](Query<"limit", int, Text{.max_length = 3}> limit) { return *limit; });
  // [/rule_on_another_type]
#elif REFUSED == 5
  router.get("/cards", [](Header<"x-tag", std::optional<std::string>, Number{.ge = 1}> tag) { return *tag; });
#elif REFUSED == 6
  // [default_of_another_type]
  router.get("/cards", [](Query<"limit", std::int8_t, Number{.default_value = 1000}> limit) { return *limit; });
  // [/default_of_another_type]
#elif REFUSED == 7
  router.get("/cards", [](Query<"limit", int, Number{.default_value = 1.5}> limit) { return *limit; });
#elif REFUSED == 8
  router.get("/cards", [](Query<"order", Order, Text{.default_value = "up"}> order) { return *order; });
#elif REFUSED == 9
  router.get("/cards", [](Query<"tag", std::vector<std::string>, Text{.default_value = "a"}> tags) { return *tags; });
#elif REFUSED == 10
  // [default_in_the_path]
  router.get("/cards/{id}", [](Path<"id", int, Number{.default_value = 1}> id) { return *id; });
  // [/default_in_the_path]
#elif REFUSED == 11
  // [rules_no_value_meets]
  router.get("/cards", [](Query<"limit", int, Number{.ge = 2, .le = 1}> limit) { return *limit; });
  // [/rules_no_value_meets]
#elif REFUSED == 12
  // [returned_view]
  router.get("/", [] { return std::string_view(shared_text); });
  // [/returned_view]
#elif REFUSED == 13
  router.get("/", []() -> Task<std::span<const int>> { co_return std::span<const int>(); });
#elif REFUSED == 14
  router.get("/", [] { return std::map<std::string, std::vector<Named>>(); });
#elif REFUSED == 15
  router.get("/", []() -> Task<Created<Named>> { co_return Created<Named>(Named{shared_text}); });
#elif REFUSED == 16
  router.get("/", []() -> Expected<std::variant<int, Named>> { return 1; });
#elif REFUSED == 17
  router.post("/", [](Body body) { return body; });
#elif REFUSED == 18
  router.get("/", [] { return &shared_text; });
#elif REFUSED == 19
  router.get("/", [] { return "hello"; });
#elif REFUSED == 20
  router.get("/", []() -> Task<const char*> { co_return shared_text.c_str(); });
#elif REFUSED == 21
  // [returned_reference]
  router.get("/", []() -> const std::string& { return shared_text; });
  // [/returned_reference]
#elif REFUSED == 22
  // [included_app]
  App sub;
  router.include(std::move(sub), "/sub");
  // [/included_app]
#elif REFUSED == 23
  Router sub;
  router.include(sub, "/sub");
#elif REFUSED == 24
  State state;
  state.set(std::string_view(shared_text));
#elif REFUSED == 25
  // [awaiting_error_handler]
  app.on_error<Error>([](const Error&, const Request&) -> Task<Response> { co_return Response(500); });
  // [/awaiting_error_handler]
#elif REFUSED == 26
  // [parameter_by_reference]
  router.get("/", [](Query<"n", int>& n) { return *n; });
  // [/parameter_by_reference]
#elif REFUSED == 27
  Router lost(std::move(app));
#elif REFUSED == 28
  router.get("/", [] { return Tag{shared_text}; });
#elif REFUSED == 29
  router.get("/", []() -> Task<Tagged> { co_return Tagged{}; });
#elif REFUSED == 30
  router.get("/", [](Query<"tag", Tag> tag) { return std::string(tag->name); });
#elif REFUSED == 31
  router.get("/", [](Header<"x-tag", std::optional<Tag>> tag) { return tag->has_value(); });
#elif REFUSED == 32
  router.get("/{tag}", [](Path<"tag", Tag> tag) { return std::string(tag->name); });
#elif REFUSED == 33
  router.post("/", [](Json<Tagged> tagged) { return tagged->tags.size(); });
#elif REFUSED == 34
  State state;
  state.set(Named{shared_text});
#elif REFUSED == 35
  State state;
  state.set(std::vector<std::string_view>{shared_text});
#elif REFUSED == 36
  State state;
  state.set(std::cref(shared_text));
#elif REFUSED == 37
  State state;
  state.set(&shared_text);
#elif REFUSED == 38
  // [unknown_parameter]
  router.get("/", [](int limit) { return limit; });
  // [/unknown_parameter]
#elif REFUSED == 39
  router.get("/", [](const std::vector<std::string>& tags) { return tags.size(); });
#elif REFUSED == 40
  router.get("/", [](Settings&& settings) { return settings.limit; });
#elif REFUSED == 41
  // [provided_number]
  app.provide([] { return 7; });
  // [/provided_number]
#elif REFUSED == 42
  app.provide([] { return Named{shared_text}; });
#elif REFUSED == 43
  app.provide([](Yield<Settings>) { return 7; });
#elif REFUSED == 44
  app.provide([](const Request&, Yield<Settings, Lifetime::request> yield) -> Task<> { co_await yield(Settings{}); });
#elif REFUSED == 45
  app.provide([](Body, Yield<Settings, Lifetime::request> yield) -> Task<> { co_await yield(Settings{}); });
#elif REFUSED == 46
  // [provided_mutable]
  app.provide([count = 0]() mutable { return Settings{++count}; });
  // [/provided_mutable]
#elif REFUSED == 47
  app.ws("/rooms/{room}", [](Path<"room"> room) -> Task<> { co_return static_cast<void>(room); });
#elif REFUSED == 48
  app.ws("/rooms", [](WebSocket, Json<Settings>) -> Task<> { co_return; });
#elif REFUSED == 49
  app.ws("/rooms", [](WebSocket, Body) -> Task<> { co_return; });
#elif REFUSED == 50
  app.ws("/rooms", [](WebSocket, Form<"name">) -> Task<> { co_return; });
#elif REFUSED == 51
  app.ws("/rooms", [](WebSocket socket) { socket.close(); });
#elif REFUSED == 52
  app.get("/rooms", [](WebSocket) -> Task<> { co_return; });
#elif REFUSED == 53
  app.ws("/rooms", [](WebSocket&) -> Task<> { co_return; });
#elif REFUSED == 54
  app.on_status(404, [](const Request&) -> Task<Response> { co_return Response(404); });
#elif REFUSED == 55
  app.on_status(404, [count = 0](const Request&) mutable { return Response(404 + ++count); });
#elif REFUSED == 56
  app.ready("link", []() -> Task<> { co_return; });
#elif REFUSED == 57
  app.ready("link", [](Query<"deep", bool>) -> Task<bool> { co_return true; });
#elif REFUSED == 58
  router.get("/", [](EventStream<int>) { return 1; });
#elif REFUSED == 59
  router.get("/", [](const Request&, EventStream<int>) -> Task<> { co_return; });
#elif REFUSED == 60
  router.post("/", [](Body, Output<>) -> Task<> { co_return; });
#elif REFUSED == 61
  router.get("/", [](EventStream<int>, Output<>) -> Task<> { co_return; });
#elif REFUSED == 62
  router.post("/", [](Json<int>, BodyStream) {});
#elif REFUSED == 63
  router.get("/", [](QueryOf<Nest>) {});
#elif REFUSED == 64
  app.provide([](BodyStream) { return Settings{}; });
#elif REFUSED == 65
  router.get("/", [](Output<"csv">) -> Task<> { co_return; });
#elif REFUSED == 66
  router.get("/", [](Basic<"a \"realm\""> login) { return login->username; });
#elif REFUSED == 67
  router.get("/", [] { return 1; }, {.dependencies = {require_scopes<Settings, "items:read">()}});
#elif REFUSED == 68
  router.get("/", [] { return 1; }, {.dependencies = {require_scopes<Caller, "items read">()}});
#elif REFUSED == 69
  router.get("/", [] { return 1; }, {.dependencies = {require_scopes<Caller>()}});
#elif REFUSED == 70
  app.get("/cards/{id:int}", [](Path<"id", Uuid> id) { return *id; });
#elif REFUSED == 71
  app.get("/cards/{id:uuid}", [](Path<"id", int> id) { return *id; });
#elif REFUSED == 72
  app.get("/cards/{part:float}", [](Path<"part", int> part) { return *part; });
#elif REFUSED == 73
  router.get("/", [](QueryOf<Change>) {});
#elif REFUSED == 74
  app.provide([](Background, Yield<Settings, Lifetime::request> yield) -> Task<> { co_await yield(Settings{}); });
#elif REFUSED == 75
  app.provide([](Around, Yield<Settings, Lifetime::request> yield) -> Task<> { co_await yield(Settings{}); });
#elif REFUSED == 76
  app.depends(depends([](Background, Yield<void, Lifetime::request> yield) -> Task<> { co_await yield(); }));
#elif REFUSED == 77
  router.get("/", []() -> Except<Account, &Login::password_hash> { return Account{}; });
#elif REFUSED == 78
  router.get("/", []() -> Only<std::vector<Account>, &Account::id, &Login::password_hash> { return {{}}; });
#elif REFUSED == 79
  router.get("/", []() -> Except<Account, &Account::check> { return Account{}; });
#elif REFUSED == 80
  app.get("/cards/{id:int}", [](Path<"id", std::optional<Uuid>>) { return 1; });
#elif REFUSED == 81
  app.get("/times/{at:int}", [](Path<"at", TimeOfDay>) { return 1; });
#elif REFUSED == 82
  app.get("/hosts/{at:float}", [](Path<"at", IpAddress>) { return 1; });
#elif REFUSED == 83
  router.get("/", [](Query<"level", std::uint8_t, Number{.ge = 256}>) {});
#elif REFUSED == 84
  router.get("/", [](Query<"length", std::chrono::minutes, Number{.ge = 1}>) {});
#elif REFUSED == 85
  router.get("/", [](Query<"price", double, Number{.max_digits = 5}>) {});
#elif REFUSED == 86
  router.get("/", [](Query<"q"> q) -> WithStatus<202, std::string_view> { return {*q}; });
#elif REFUSED == 87
  router.get("/", [](Query<"q"> q) -> Only<Named, &Named::name> { return Named{*q}; });
#elif REFUSED == 88
  router.get("/",
             [](Query<"q"> q) -> Task<Except<std::vector<Named>, &Named::name>> { co_return std::vector{Named{*q}}; });
#elif REFUSED == 89
  router.get("/", [](Query<"q"> q) -> std::variant<WithStatus<201, Named>, std::string> { return *q; });
#elif REFUSED == 90
  router.get("/", []() -> boost::container::small_vector<std::string_view, 4> { return {}; });
#else
  static_cast<void>(app);
  app.get("/places/{at:int}", [](Path<"at", double> at) { return *at; });
  app.get("/files/{id:uuid}", [](Path<"id"> id) { return *id; });
  router.get("/cards/{id}", [](Path<"id", int, Number{.ge = 1}> id) { return *id; });
#endif
}
