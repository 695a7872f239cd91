#pragma once

#include <bailey/graphql/detail/run.hpp>
#include <bailey/http/set_cookie.hpp>
#include <bailey/model/json.hpp>
#include <bailey/model/members.hpp>
#include <bailey/web/request.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bailey::graphql {

// What a resolver may know of the field that it resolves and of the operation around it, as a parameter: `const Info&`.
// It is the operation's, and valid as long as the resolver runs.
class Info {
 public:
  Info(detail::Run& run, const detail::PlannedField& field, const detail::Path& path) noexcept
      : run_(run), field_(field), path_(path) {}
  Info(const Info&) = delete;
  Info& operator=(const Info&) = delete;

  // The request that the operation has come with; of an operation over a WebSocket its handshake.
  [[nodiscard]] const Request& request() const noexcept { return run_.request(); }

  [[nodiscard]] std::string_view field_name() const noexcept;  // in the schema
  // Where the field is in the response: ["cards", 3, "owner"], as JSON has it.
  [[nodiscard]] json::array path() const;
  [[nodiscard]] std::string_view operation_name() const noexcept;  // empty: it has none
  // The operation's variables as they have come, without defaults.
  [[nodiscard]] const json::object& variables() const noexcept;

  // A header of the response that the operation is answered with, beside those that are there. Of a subscription, and
  // of any operation over a WebSocket, there is no response whose head waits for it: nobody sees it, which the log says
  // once.
  void add_header(std::string_view name, std::string_view value) const;
  // A cookie likewise. Throws Error "invalid_cookie" as http::set_cookie does.
  void set_cookie(const http::SetCookie& cookie) const;

  // Of a field whose value is a T, or a list of them: T's members that are needed for what is selected, by their names
  // in C++ and in their order. Those that are fields and selected, and those that selected resolvers of T's read
  // (FieldOptions::uses); all of them where a resolver does not say.
  template <class T>
  [[nodiscard]] std::vector<std::string_view> selected_members() const {
    return selected_members(detail::type_key<T>, member_names<T>);
  }

 private:
  [[nodiscard]] std::vector<std::string_view> selected_members(detail::TypeKey type,
                                                               std::span<const std::string_view> all) const;

  detail::Run& run_;
  const detail::PlannedField& field_;
  const detail::Path& path_;
};

// The columns of a T that a field's selection needs, for Supabase's select: "id,full_name".
//   supabase.from("cards").select<Card>(graphql::select_of<Card>(info))
// A member that is not selected is read by nobody: let it be a std::optional, or give it the rule `defaulted`, so that
// a row may come without it.
template <class T>
[[nodiscard]] std::string select_of(const Info& info) {
  std::string columns;
  const auto selected = info.selected_members<T>();
  for (std::size_t i = 0; i < member_count<T>; ++i) {
    if (std::ranges::find(selected, member_names<T>[i]) == selected.end()) continue;
    if (!columns.empty()) columns.push_back(',');
    columns.append(wire_names<T>[i]);
  }
  return columns;
}

}  // namespace bailey::graphql
