#pragma once

#include <bailey/http/method.hpp>
#include <bailey/model/json.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bailey {

class SchemaDefinitions;

// Whether a route's requests have an identity.
enum class Guarded : std::uint8_t {
  by_none,    // no guard stands before it
  exempt,     // none has one: the guard lets them pass and looks at no token (exempt paths, the health check, OPTIONS)
  sometimes,  // those that bring a token
  always,
};

// Whether those who a guard admits are users.
enum class Admits : std::uint8_t { users, users_and_others, others };

// Makes the schema of a type for a document, whose definitions take the models in it. Any thread.
using SchemaMaker = json::object (*)(SchemaDefinitions&);

// A value that a route reads beside the body.
struct ParameterInfo {
  enum class Source : std::uint8_t { path, query, header, cookie };
  Source source = Source::query;
  std::string_view name = {};  // as it is sent
  bool is_required = true;
  SchemaMaker schema = nullptr;  // with its rules and its default
  std::string_view description = {};
  bool is_deprecated = false;
  bool in_schema = true;                          // whether the document tells of it
  std::vector<SchemaMaker> further_schemas = {};  // of others who read it, and take it for something else
};

// A form in which a route takes its body. Of several, a request has one.
struct BodyInfo {
  std::string_view content_type = "application/json";
  bool is_required = true;
  SchemaMaker schema = nullptr;  // nullptr: anything
  std::vector<SchemaMaker> further_schemas = {};
};

// A field of a route's form, a file or not.
struct FieldInfo {
  std::string_view name = {};
  bool is_required = true;
  bool is_file = false;
  bool is_list = false;   // of files; what others are, their schema says
  bool is_moved = false;  // a file that who takes it has alone
  SchemaMaker schema = nullptr;
  std::vector<SchemaMaker> further_schemas = {};
};

// What a route may answer.
struct ResponseInfo {
  int status = 200;
  std::string description = {};                   // empty: the status's own words
  std::string content_type = "application/json";  // "*/*": any
  SchemaMaker schema = nullptr;                   // nullptr: not said
  bool is_sequence = false;                       // one after the other, as they are made: the schema is that of each
  std::vector<std::string> headers = {};          // names of header fields that it has
};

// How a request shows that it may (OpenAPI: Security Scheme). Of several that a route has, all are asked for.
struct SecurityInfo {
  std::string name = {};     // of the scheme in the document
  json::object scheme = {};  // {"type": "http", "scheme": "bearer"}
  std::vector<std::string> scopes = {};
  bool is_required = true;  // else a request may come without it
  bool may_forbid = true;   // whether one that says who makes it may still be refused (403)
  bool signs_in = false;    // whether Guard::sign_in gives what it takes
};

// A route as data: what its types and its options say. Made once at start; read by its parameters' checks, by guards
// and middleware, by the OpenAPI document and by `App::routes`.
struct RouteInfo {
  http::Method method = http::Method::get;
  std::string path = {};                       // the template, with every prefix
  std::vector<std::string> placeholders = {};  // of the template, in order
  std::string name = {};                       // empty: none given
  std::string summary = {};
  std::string description = {};
  std::string operation_id = {};
  std::vector<std::string> tags = {};
  bool is_deprecated = false;
  bool in_schema = true;
  bool is_health_check = false;
  bool is_web_socket = false;  // then it is in no document
  bool is_any_method = false;  // nor then: `method` says nothing
  Guarded guarded = Guarded::by_none;
  Admits admits = Admits::users;  // as its guard says
  int status = 0;                 // of a success; 0: as its result has it
  std::size_t body_limit_bytes = 0;

  std::vector<ParameterInfo> parameters = {};
  std::vector<BodyInfo> bodies = {};
  std::vector<FieldInfo> fields = {};       // of a form: multipart if one is a file, else also urlencoded
  std::vector<FieldInfo> json_fields = {};  // of a body that is a JSON object, where handlers take it in parts
  bool is_body_streamed = false;            // it is read as it arrives
  std::vector<ResponseInfo> responses = {};
  std::vector<SecurityInfo> security = {};
  std::vector<std::string> scopes = {};                    // that who makes the request must have: see require_scopes
  std::vector<std::string_view> patterns = {};             // regular expressions that its values must match
  std::vector<std::string_view> dependencies = {};         // the types that are made for it, in the order they are made
  std::shared_ptr<const std::string> graphql_schema = {};  // of one that GraphQL is asked at, as text

  // Adds a parameter, unless it is known: two who read one value share it, and it must be what both take.
  void add(ParameterInfo parameter);
  void add(BodyInfo body);
  // The same of a form's field; but a file is not shared.
  void add_field(FieldInfo field);
  void add_json_field(FieldInfo field);
  // Adds a scheme, unless it is known: then all that is asked for by either is.
  void add(SecurityInfo scheme);
  void add_scope(std::string_view scope);
  // Adds an answer, unless one of its status is known.
  void add(ResponseInfo response);
  // Puts what a success answers in front, with the status that the route has instead of the usual one. Refuses the
  // route where a value is answered with a status that has no body.
  void set_success(int usual_status, SchemaMaker schema, std::string_view content_type = "application/json");
  // Says that a success, with its usual status, has this header field.
  void add_header(int usual_status, std::string_view name);

  // "GET", or "WS" for a WebSocket and "ANY" for all methods: for people.
  [[nodiscard]] std::string_view method_text() const noexcept;

  // The same for an answer that is a sequence: the schema is that of each of its items.
  void set_success_items(SchemaMaker item_schema, std::string_view content_type);

  [[nodiscard]] bool has_placeholder(std::string_view wanted) const noexcept;

  // Ends the start with an Error "invalid_route" whose message names the route.
  [[noreturn]] void refuse(std::string_view reason) const;
};

}  // namespace bailey
