// A schema as a route: POST and GET, carried out as http_exchange says.
#pragma once

#include <bailey/graphql/mount.hpp>
#include <bailey/web/endpoint.hpp>
#include <graphql/engine/engine.hpp>
#include <graphql/transport/http_exchange.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace bailey::graphql {

class HttpEndpoint final : public web_detail::Endpoint {
 public:
  HttpEndpoint(std::shared_ptr<Engine> engine, MountOptions options);

  void describe(RouteInfo& route) const override;
  [[nodiscard]] std::span<const web_detail::Need> needs() const noexcept override;
  [[nodiscard]] bool reads_form() const noexcept override { return options_.uploads; }
  [[nodiscard]] bool chooses_dependencies() const noexcept override { return true; }
  [[nodiscard]] bool may_last() const noexcept override;
  [[nodiscard]] http::Answer call(Request& request, const web_detail::CallOptions& options,
                                  web_detail::Outlet outlet) const override;
  [[nodiscard]] Task<Response> invoke(Request& request, const web_detail::CallOptions& options) const override;

 private:
  // One operation of a request: what can be executed, or why it cannot be.
  using Prepared = std::expected<ReadyOperation, OperationFailure>;
  struct Exchange {
    MediaType type = MediaType::json;
    bool is_batch = false;
    std::vector<Prepared> operations{};
    std::vector<std::size_t> needs{};  // of all of them
    bool suspends = false;             // whether one of them may
  };

  [[nodiscard]] bool brings_files(const Request& request) const;
  [[nodiscard]] std::expected<HttpOperations, HttpRefusal> read(Request& request) const;
  // With the body there: the answer, or what is to be executed.
  [[nodiscard]] std::variant<Response, Exchange> begin(Request& request) const;
  [[nodiscard]] int status_of_result(const ExecutionResult& result, MediaType type) const noexcept;
  [[nodiscard]] Response answer_now(Request& request, const web_detail::CallOptions& options, Exchange exchange) const;
  Task<Response> answer_later(Request& request, const web_detail::CallOptions& options, Exchange exchange) const;
  Task<Response> execute_all(Request& request, const web_detail::CallOptions& options, const Exchange& exchange) const;
  Task<Response> deliver(Request& request, const web_detail::CallOptions& options, web_detail::Outlet outlet,
                         std::optional<Exchange> exchange) const;

  [[nodiscard]] Response refuse(const HttpRefusal& refusal, MediaType type) const;

  std::shared_ptr<Engine> engine_;
  MountOptions options_;
  std::shared_ptr<const std::string> schema_text_;
};

}  // namespace bailey::graphql
