// GraphQL over HTTP (draft of 2026, and graphql-http's audits) without the HTTP: which requests are taken, in which
// media type they are answered, and with which status.
#pragma once

#include <bailey/graphql/mount.hpp>
#include <graphql/engine/engine.hpp>
#include <graphql/engine/operation_request.hpp>

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {

enum class MediaType : std::uint8_t { json, graphql_response, events };
[[nodiscard]] std::string_view to_string(MediaType type) noexcept;

// What the client takes, by its Accept; of some that it likes as much the one that it names first, and plain JSON where
// it takes anything. Nothing: it takes none.
[[nodiscard]] std::optional<MediaType> choose_media_type(std::optional<std::string_view> accept);

struct HttpInput {
  std::string_view method{};
  std::optional<std::string_view> content_type{};
  std::string_view query{};
  std::string_view body{};
};

// The operations of a request; more than one only where it is a batch.
struct HttpOperations {
  std::vector<OperationRequest> operations{};
  bool is_batch = false;
};

// A request that is none of GraphQL's.
struct HttpRefusal {
  int status = 400;
  std::string message{};
  std::string_view allow{};     // of a 405
  bool is_well_formed = false;  // whether only the parameters in it are wrong
};

// Whether a Content-Type is multipart/form-data.
[[nodiscard]] bool is_multipart(std::string_view content_type);
// Whether no page of a stranger's could have sent the request without asking first: it has a header that a form, an
// image or a plain fetch cannot have (Fetch standard, CORS-safelisted request-headers).
[[nodiscard]] bool has_preflight_header(const std::function<bool(std::string_view)>& has_header);

// Of what a request has brought as JSON.
[[nodiscard]] std::expected<HttpOperations, HttpRefusal> read_operations(json::value&& parsed,
                                                                         const MountOptions& options);
[[nodiscard]] std::expected<HttpOperations, HttpRefusal> read_http(const HttpInput& input, const MountOptions& options);

// The status of an answer.
[[nodiscard]] int status_of(Stage failed, MediaType type, HttpProfile profile) noexcept;
[[nodiscard]] int status_of_executed(bool has_errors, MediaType type, HttpProfile profile) noexcept;
[[nodiscard]] int status_of(const HttpRefusal& refusal, HttpProfile profile) noexcept;

}  // namespace bailey::graphql
