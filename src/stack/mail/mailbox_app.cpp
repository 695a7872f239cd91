#include "stack/mail/mailbox_app.hpp"

#include <bailey/model/json.hpp>
#include <bailey/web/bind.hpp>
#include <bailey/web/error.hpp>
#include <bailey/web/parameters.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "stack/gateway/cross_origin.hpp"
#include "stack/mail/mail_search.hpp"
#include "stack/mail/mail_view.hpp"
#include "stack/mail/mailbox_json.hpp"
#include "stack/mail/mailbox_page.hpp"

namespace bailey::stack::mail {
namespace {

constexpr std::string_view topic = "mails";
constexpr std::size_t query_limit_bytes = 1000;
constexpr int most_shown = 500;

using Start = Query<"start", int, Number{.default_value = 0, .ge = 0, .le = 1'000'000}>;
using Limit = Query<"limit", int, Number{.default_value = 50, .ge = 0, .le = 100'000}>;

Response refusal(std::string_view why) { return Response::text(403, why); }

// Before all else, of every request.
Before keep_out_strangers(const Request& request, const gateway::Pages& pages) {
  const auto host = request.header("Host");
  if (!host || !pages.admits_host(*host)) return refusal("This host is not one the mailbox is open to");
  const auto origin = request.header("Origin");
  const bool is_own = !origin || *origin == "http://" + std::string(*host);
  if (!is_own && gateway::may_change_state(request.http()))
    return refusal("This origin is not one the mailbox is open to");
  return Pass{};
}

// What a handler has said itself stays.
void add_headers(Response& response) {
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!response.headers.contains(name)) response.headers.set(name, value);
  };
  add("X-Content-Type-Options", "nosniff");
  add("Referrer-Policy", "no-referrer");
  add("Cache-Control", "no-store");
  add("Cross-Origin-Resource-Policy", "same-origin");
  add("Cross-Origin-Opener-Policy", "same-origin");
  add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}

Response as_json(const json::object& object) { return Response::json(200, to_json_text(object)); }
Response done() { return Response::text(200, "ok"); }

std::shared_ptr<const CaughtMail> find(const Mailbox& mailbox, std::string_view id) {
  auto mail = id == "latest" ? mailbox.latest() : mailbox.find(id);
  if (!mail) throw HttpError(404, "There is no such message");
  return mail;
}

// Of a body as Mailpit's clients send it: {"IDs": […], "Read": true}; without one, or without names in it: all.
struct Chosen {
  std::optional<std::vector<std::string>> ids;
  bool read = false;
  std::string search;
};

Chosen parse_chosen(std::string_view body) {
  Chosen chosen;
  if (body.empty()) return chosen;
  const auto value = parse_json(body);
  if (!value || !value->is_object()) throw HttpError(400, "The body is no JSON object");
  const json::object& object = value->get_object();
  if (const auto* ids = object.if_contains("IDs"); ids != nullptr && !ids->is_null()) {
    if (!ids->is_array()) throw HttpError(400, "IDs must be a list of strings");
    std::vector<std::string> names;
    for (const json::value& id : ids->get_array()) {
      if (!id.is_string()) throw HttpError(400, "IDs must be a list of strings");
      names.emplace_back(id.get_string());
    }
    if (!names.empty()) chosen.ids = std::move(names);
  }
  if (const auto* read = object.if_contains("Read")) {
    if (!read->is_bool()) throw HttpError(400, "Read must be true or false");
    chosen.read = read->get_bool();
  }
  if (const auto* search = object.if_contains("Search"); search != nullptr && !search->is_null()) {
    if (!search->is_string()) throw HttpError(400, "Search must be a string");
    chosen.search = std::string(search->get_string());
  }
  if (chosen.ids && !chosen.search.empty())
    throw HttpError(400, "You may specify either IDs or a search query, not both");
  return chosen;
}

std::vector<Listed> found_by(const Mailbox& mailbox, std::string_view query) {
  if (query.find_first_not_of(' ') == std::string_view::npos) throw HttpError(400, "Error: no search query");
  if (query.size() > query_limit_bytes) throw HttpError(400, "The search query is too long");
  return search(mailbox.all(), query);
}

std::vector<std::string> ids_of(const std::vector<Listed>& mails) {
  std::vector<std::string> ids;
  for (const Listed& one : mails) ids.push_back(one.mail->id);
  return ids;
}

// "mail.html", "latest.txt".
struct ViewName {
  std::string_view id;
  bool is_html;
};
ViewName parse_view_name(std::string_view file) {
  for (const std::string_view ending : {".html", ".txt"}) {
    if (file.ends_with(ending)) return {file.substr(0, file.size() - ending.size()), ending == ".html"};
  }
  throw HttpError(404);
}

void add_list_routes(App& app, Mailbox& mailbox) {
  app.get("/api/v1/messages", [&mailbox](Start start, Limit limit) {
    return as_json(list_of(mailbox.all(), static_cast<std::size_t>(*start),
                           static_cast<std::size_t>(std::min(*limit, most_shown)), mailbox.counts()));
  });
  app.get("/api/v1/search", [&mailbox](Query<"query"> query, Start start, Limit limit) {
    return as_json(list_of(found_by(mailbox, *query), static_cast<std::size_t>(*start),
                           static_cast<std::size_t>(std::min(*limit, most_shown)), mailbox.counts()));
  });
  app.put("/api/v1/messages", [&mailbox](Body body) {
    Chosen chosen = parse_chosen(*body);
    if (!chosen.search.empty()) chosen.ids = ids_of(found_by(mailbox, chosen.search));
    mailbox.mark(chosen.ids, chosen.read);
    return done();
  });
  app.delete_("/api/v1/messages", [&mailbox](Body body) {
    mailbox.remove(parse_chosen(*body).ids);
    return done();
  });
  app.delete_("/api/v1/search", [&mailbox](Query<"query"> query) {
    mailbox.remove(ids_of(found_by(mailbox, *query)));
    return done();
  });
  app.get("/api/v1/info", [&mailbox] {
    const Mailbox::Counts counts = mailbox.counts();
    json::object out;
    out.emplace("Version", "bailey");
    out.emplace("Messages", counts.total);
    out.emplace("Unread", counts.unread);
    out.emplace("Tags", json::object());
    return as_json(out);
  });
}

void add_message_routes(App& app, Mailbox& mailbox) {
  app.get("/api/v1/message/{id}", [&mailbox](Path<"id"> id) {
    const auto mail = find(mailbox, *id);
    mailbox.mark(std::vector{mail->id}, true);
    return as_json(message_of(*mail));
  });
  app.get("/api/v1/message/{id}/headers",
          [&mailbox](Path<"id"> id) { return as_json(headers_of(*find(mailbox, *id))); });
  app.get("/api/v1/message/{id}/raw", [&mailbox](Path<"id"> id, Query<"dl", std::optional<std::string>> download) {
    const auto mail = find(mailbox, *id);
    Response response = Response::text(200, mail->raw);
    if (*download == "1") response.headers.set("Content-Disposition", "attachment; filename=\"" + mail->id + ".eml\"");
    return response;
  });
  app.get("/api/v1/message/{id}/part/{part}", [&mailbox](Path<"id"> id, Path<"part"> part) {
    const auto mail = find(mailbox, *id);
    const MimeMessage message = parse_mime(mail->raw);
    const MimePart* const found = message.part(*part);
    if (found == nullptr) throw HttpError(404, "There is no such part");
    return part_view(*found);
  });
  app.get("/view/{file}", [&mailbox](Path<"file"> file, Query<"embed", std::optional<std::string>> embed) {
    const ViewName name = parse_view_name(*file);
    const auto mail = find(mailbox, name.id);
    mailbox.mark(std::vector{mail->id}, true);
    if (name.is_html) return html_view(*mail, *embed == "1");
    const MimeMessage message = parse_mime(mail->raw);
    const MimePart* const text = message.body_of("text/plain");
    return Response::text(200, text == nullptr ? std::string() : text->text());
  });
}

}  // namespace

void add_mailbox_routes(App& app, Mailbox& mailbox, const gateway::Pages& pages, const WebSocketHub& hub) {
  app.use(Middleware{.name = "mailbox",
                     .before = [&pages](Request& request) { return keep_out_strangers(request, pages); },
                     .after = [](Request&, Response& response) { add_headers(response); }});
  add_list_routes(app, mailbox);
  add_message_routes(app, mailbox);
  app.get("/", [] { return page_response(); });
  app.get("/page/{name}", [](Path<"name"> name) { return page_asset(*name); });
  app.ws("/api/events", [hub](WebSocket socket) -> Task<> {
    const auto member = hub.join(std::string(topic), socket);
    while (co_await socket.receive()) {
    }
  });
}

void tell_of(const WebSocketHub& hub, Mailbox::Change change, const CaughtMail* mail, Mailbox::Counts counts) {
  if (change == Mailbox::Change::added && mail != nullptr) {
    json::object event;
    event.emplace("Type", "new");
    event.emplace("Data", summary_of(*mail, false));
    hub.send(topic, to_json_text(event));
  } else if (change == Mailbox::Change::removed) {
    hub.send(topic, R"({"Type":"prune","Data":null})");
  }
  json::object data;
  data.emplace("Total", counts.total);
  data.emplace("Unread", counts.unread);
  json::object event;
  event.emplace("Type", "stats");
  event.emplace("Data", std::move(data));
  hub.send(topic, to_json_text(event));
}

}  // namespace bailey::stack::mail
