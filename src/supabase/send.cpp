// The one place all database requests pass: what can be refused without asking is refused here, for every transport
// alike, and whatever goes wrong on the way becomes a PostgrestError.
#include <bailey/base/log.hpp>
#include <bailey/supabase/pending.hpp>

#include "supabase/project.hpp"
#include "supabase/query_error.hpp"

#include <charconv>
#include <exception>
#include <utility>

namespace bailey::client_detail {

namespace {

void refuse_unsendable(const Call& call) {
  if (call.negate_next) throw PostgrestError("misuse", "not_() is followed by no filter.", 500);
  call.project->require_usable(call.identity);
}

std::string_view name_of(query::Kind kind) {
  switch (kind) {
    case query::Kind::insert: return "insert";
    case query::Kind::update: return "update";
    case query::Kind::delete_: return "delete";
    case query::Kind::read: break;
  }
  return "select";
}

// The number after the slash of "0-9/42", "*/42" or "0-9/*".
std::optional<std::int64_t> total_in(std::optional<std::string_view> content_range) {
  if (!content_range) return std::nullopt;
  const std::size_t slash = content_range->find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view digits = content_range->substr(slash + 1);
  std::int64_t total = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), total);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return total;
}

}  // namespace

// An exception that leaves the place where a request was being made is not a request forgotten.
void Call::note_unsent(const Call& call) noexcept {
  if (std::uncaught_exceptions() > 0) return;
  try {
    log::warning("a database request was never awaited, so it was not sent",
                 {{"kind", name_of(call.request.kind)}, {"relation", call.request.relation}});
  } catch (...) {
    return;  // no memory for a line
  }
}

Task<Reply> send(Call& call) {
  call.is_sent = true;
  refuse_unsendable(call);
  query::ApiResponse response;
  try {
    response = co_await call.project->transport().send(std::move(call.request), call.identity, call.project->trace());
  } catch (const PostgrestError&) {
    throw;
  } catch (const Error& error) {
    throw PostgrestError(error.code(), error.message(), error.http_status());
  }
  if (response.status < 200 || response.status > 299) throw to_error(response);
  co_return Reply{std::move(response.body), total_in(response.header("content-range"))};
}

}  // namespace bailey::client_detail
