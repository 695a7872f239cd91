#include <bailey/supabase/relation.hpp>

#include <algorithm>
#include <utility>

namespace bailey {

namespace {

void set_returned(query::ApiRequest& request, std::optional<std::vector<query::SelectItem>> returning) {
  using Return = query::Preferences::Return;
  request.preferences.return_ = returning ? Return::representation : Return::minimal;
  if (returning) request.select = *std::move(returning);
}

// "email" or "a, b".
std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view name = text.substr(0, comma);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (!name.empty()) names.emplace_back(name);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return names;
}

}  // namespace

Relation::Relation(std::shared_ptr<const client_detail::Project> project, Identity identity, std::string schema,
                   std::string name)
    : project_(std::move(project)), identity_(std::move(identity)), schema_(std::move(schema)), name_(std::move(name)) {
  if (name_.empty() || name_.find('\0') != std::string::npos || schema_.find('\0') != std::string::npos)
    throw PostgrestError("misuse", "A relation needs a name.", 500);
}

client_detail::CallPointer Relation::start(query::Kind kind) const {
  auto call = std::make_unique<client_detail::Call>(project_, identity_);
  call->request.kind = kind;
  call->request.schema = schema_;
  call->request.relation = name_;
  return call;
}

client_detail::CallPointer Relation::read(Columns columns) const {
  auto call = start(query::Kind::read);
  call->request.select = std::move(columns);
  return call;
}

// A GET of no rows rather than a HEAD: the answer to a failed HEAD does not say why it failed.
CountRows Relation::count(Count count) const {
  auto call = start(query::Kind::read);
  call->request.limit = 0;
  client_detail::set_count(*call, count);
  return CountRows(std::move(call));
}

client_detail::CallPointer Relation::write(client_detail::Payload payload, Returning returning,
                                           const InsertOptions& options) const {
  auto call = start(query::Kind::insert);
  // A single row that is to come back comes as an object, and exactly one must.
  if (returning && payload.json.starts_with('{')) client_detail::set_one_row(*call);
  if (options.missing_as_default) call->request.preferences.missing = query::Preferences::Missing::default_;
  set_returned(call->request, std::move(returning));
  call->request.columns = std::move(payload.columns);
  call->request.payload = std::move(payload.json);
  return call;
}

client_detail::CallPointer Relation::write(client_detail::Payload payload, Returning returning,
                                           const UpsertOptions& options) const {
  using Resolution = query::Preferences::Resolution;
  auto call =
      write(std::move(payload), std::move(returning), InsertOptions{.missing_as_default = options.missing_as_default});
  call->request.preferences.resolution =
      options.ignore_duplicates ? Resolution::ignore_duplicates : Resolution::merge_duplicates;
  call->request.on_conflict = split_names(options.on_conflict);
  return call;
}

client_detail::CallPointer Relation::change(client_detail::Payload payload, Returning returning) const {
  auto call = start(query::Kind::update);
  set_returned(call->request, std::move(returning));
  call->request.payload = std::move(payload.json);
  return call;
}

client_detail::CallPointer Relation::remove(Returning returning) const {
  auto call = start(query::Kind::delete_);
  set_returned(call->request, std::move(returning));
  return call;
}

}  // namespace bailey
