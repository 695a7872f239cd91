#pragma once

#include <bailey/model/json.hpp>
#include <bailey/web/request.hpp>

#include <cstdint>
#include <string_view>

namespace bailey::graphql {

class Info;

// What an operation goes through. A document that has been read before is neither parsed nor validated again.
enum class Phase : std::uint8_t { operation, parsing, validation, execution };

// An operation from outside. What it refers to is there as long as the call that it is given to.
struct OperationView {
  const Request& request;  // of a WebSocket its handshake
  std::string_view document{};
  std::string_view name{};  // empty: it has none, or the document has not been read
  const json::object& variables;
};

// What goes along with each operation of a schema: to measure it, to log it, to refuse it, to add to its response. Made
// anew for each operation, and used by one loop at a time.
//
//   class Timing : public graphql::Extension {
//    public:
//     void begin(Phase phase, const OperationView&) override { if (phase == Phase::execution) began_ = now(); }
//     void add_to(json::object& extensions) override { extensions["took_us"] = …; }
//     …
//   };
//   schema.extension([] { return std::make_unique<Timing>(); });
class Extension {
 public:
  Extension() = default;
  virtual ~Extension() = default;
  Extension(const Extension&) = delete;
  Extension& operator=(const Extension&) = delete;

  // What it throws ends the operation as an error does that a resolver throws: GraphQLError and HttpError are told.
  virtual void begin([[maybe_unused]] Phase phase, [[maybe_unused]] const OperationView& operation) {}
  // Called once for each `begin` that returned, however the phase has ended, the last one first. What it throws is
  // logged. Of a subscription each event is an execution.
  virtual void end([[maybe_unused]] Phase phase, [[maybe_unused]] const OperationView& operation) {}

  // Around each call of a resolver, until its value is written, or a loader is waited for; those of one operation
  // overlap. What `begin_field` throws is the field's error, and no `end_field` follows. Members are not called.
  virtual void begin_field([[maybe_unused]] const Info& info) {}
  virtual void end_field([[maybe_unused]] const Info& info) {}

  // What the response says as its `extensions`: after the execution, or what went wrong before it.
  virtual void add_to([[maybe_unused]] json::object& extensions) {}
};

}  // namespace bailey::graphql
