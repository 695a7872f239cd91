#include "stack/mail/mailbox_app.hpp"

#include <bailey/web/test_client.hpp>

#include <gtest/gtest.h>

#include <string>

namespace bailey::stack::mail {
namespace {

constexpr std::string_view hostile =
    "From: \"A\" <a@example.com>\r\nTo: b@example.com\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <1@x>\r\n"
    "Content-Type: multipart/mixed; boundary=x\r\n\r\n"
    "--x\r\nContent-Type: text/plain\r\n\r\nthe text\r\n"
    "--x\r\nContent-Type: text/html\r\n\r\n<!doctype html><p>the html<script>alert(1)</script><img "
    "src=\"cid:logo\">\r\n"
    "--x\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n"
    "--x\r\nContent-Type: text/html\r\nContent-Disposition: attachment; "
    "filename=\"a\\\".html\"\r\n\r\n<script>alert(2)</script>\r\n"
    "--x--\r\n";

class MailboxApp : public testing::Test {
 protected:
  MailboxApp() {
    mailbox.watch(
        [this](Mailbox::Change change, const CaughtMail* mail) { tell_of(hub, change, mail, mailbox.counts()); });
    add_mailbox_routes(app, mailbox, pages, hub);
  }
  void add(std::string raw = std::string(hostile)) {
    Envelope envelope;
    envelope.from = "a@example.com";
    envelope.to.emplace_back("b@example.com");
    mailbox.add(std::move(envelope), std::move(raw));
  }
  TestReply ask(std::string_view method, std::string_view target, std::string body = {},
                TestClient::Headers headers = {}) {
    return client().send(method, target, std::move(body), std::move(headers));
  }
  TestClient& client() {
    if (!client_) client_.emplace(app);
    return *client_;
  }

  Mailbox mailbox;
  gateway::Pages pages;
  WebSocketHub hub;
  App app{{.openapi_path = {}}};
  std::optional<TestClient> client_;
};

TEST_F(MailboxApp, lists_mails_as_mailpit_does) {
  add();
  const json::value list = ask("GET", "/api/v1/messages").json();
  EXPECT_EQ(list.at("total"), 1);
  EXPECT_EQ(list.at("unread"), 1);
  EXPECT_EQ(list.at("messages_count"), 1);
  EXPECT_EQ(list.at("start"), 0);
  const json::value& mail = list.at("messages").at(0);
  EXPECT_EQ(mail.at("ID").as_string(), mailbox.latest()->id);
  EXPECT_EQ(mail.at("Subject"), "Grüße");
  EXPECT_EQ(mail.at("From").at("Address"), "a@example.com");
  EXPECT_EQ(mail.at("To").at(0).at("Address"), "b@example.com");
  EXPECT_EQ(mail.at("MessageID"), "1@x");
  EXPECT_EQ(mail.at("Read"), false);
  EXPECT_EQ(mail.at("Attachments"), 1);
  EXPECT_EQ(mail.at("Snippet"), "the text");
  EXPECT_EQ(ask("GET", "/api/v1/messages?start=1").json().at("messages").as_array().size(), 0U);
  EXPECT_EQ(ask("GET", "/api/v1/messages?limit=0").json().at("messages").as_array().size(), 0U);
}

TEST_F(MailboxApp, shows_a_message_by_its_id_and_the_latest_and_marks_it_read) {
  EXPECT_EQ(ask("GET", "/api/v1/message/latest").status, 404);
  add();
  for (const std::string& id : {mailbox.latest()->id, std::string("latest")}) {
    const json::value mail = ask("GET", "/api/v1/message/" + id).json();
    EXPECT_EQ(mail.at("Text"), "the text");
    EXPECT_TRUE(std::string_view(mail.at("HTML").as_string()).contains("the html"));
    EXPECT_EQ(mail.at("Inline").at(0).at("ContentID"), "logo");
    EXPECT_EQ(mail.at("Attachments").at(0).at("FileName"), "a\".html");
    EXPECT_EQ(mail.at("ReturnPath"), "a@example.com");
  }
  EXPECT_EQ(mailbox.counts().unread, 0U);
  EXPECT_EQ(ask("GET", "/api/v1/message/latest/raw").body, hostile);
  EXPECT_EQ(ask("GET", "/api/v1/message/latest/headers").json().at("Message-ID").at(0), "<1@x>");
  EXPECT_EQ(ask("GET", "/view/latest.txt").body, "the text");
  EXPECT_EQ(ask("GET", "/view/latest.pdf").status, 404);
  EXPECT_EQ(ask("GET", "/view/nobody.html").status, 404);
}

TEST_F(MailboxApp, shows_a_hostile_mail_so_that_it_can_run_nothing) {
  add();
  const TestReply view = ask("GET", "/view/latest.html?embed=1");
  EXPECT_TRUE(view.body.starts_with("<!doctype html><base target=\"_blank\"><p>"));
  EXPECT_TRUE(view.body.contains("<img src=\"/api/v1/message/" + mailbox.latest()->id + "/part/3\">"));
  const std::string policy = view.header("Content-Security-Policy").value_or("");
  EXPECT_TRUE(policy.starts_with("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';")) << policy;
  EXPECT_FALSE(policy.contains("allow-scripts") || policy.contains("allow-same-origin"));

  EXPECT_EQ(ask("GET", "/api/v1/message/latest/part/3").body, "hello");
  EXPECT_EQ(ask("GET", "/api/v1/message/latest/part/3").header("Content-Type"), "image/png");
  const TestReply attachment = ask("GET", "/api/v1/message/latest/part/4");
  EXPECT_EQ(attachment.header("Content-Type"), "application/octet-stream");
  EXPECT_EQ(attachment.header("Content-Disposition"), "attachment; filename=\"a_.html\"");
  EXPECT_EQ(ask("GET", "/api/v1/message/latest/part/9").status, 404);
  for (const char* path :
       {"/", "/api/v1/messages", "/api/v1/message/latest", "/api/v1/message/latest/raw", "/page/page.js"}) {
    const TestReply reply = ask("GET", path);
    EXPECT_EQ(reply.status, 200) << path;
    EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff") << path;
    EXPECT_TRUE(reply.header("Content-Security-Policy").value_or("").contains("default-src 'none'")) << path;
    EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), std::nullopt) << path;
  }
}

TEST_F(MailboxApp, searches_marks_and_deletes) {
  add();
  add("From: c@example.com\r\nTo: d@example.com\r\nSubject: other\r\n\r\nx");
  EXPECT_EQ(ask("GET", "/api/v1/search?query=to:d@example.com").json().at("messages_count"), 1);
  EXPECT_EQ(ask("GET", "/api/v1/search").status, 422);
  EXPECT_EQ(ask("GET", "/api/v1/search?query=%20").status, 400);
  const std::string id = mailbox.latest()->id;
  EXPECT_EQ(ask("PUT", "/api/v1/messages", R"({"IDs":[")" + id + R"("],"Read":true})").body, "ok");
  EXPECT_EQ(mailbox.counts().unread, 1U);
  EXPECT_EQ(ask("PUT", "/api/v1/messages", R"({"Search":"subject:other","Read":false})").status, 200);
  EXPECT_EQ(mailbox.counts().unread, 2U);
  for (const char* bad : {"[]", "{", R"({"IDs":1})", R"({"IDs":[1]})", R"({"Read":1})", R"({"Search":1})",
                          R"({"IDs":["a"],"Search":"b"})"}) {
    EXPECT_EQ(ask("DELETE", "/api/v1/messages", bad).status, 400) << bad;
  }
  EXPECT_EQ(ask("DELETE", "/api/v1/messages", R"({"IDs":[")" + id + R"("]})").body, "ok");
  EXPECT_EQ(mailbox.counts().total, 1U);
  EXPECT_EQ(ask("DELETE", "/api/v1/search?query=nowhere").status, 200);
  EXPECT_EQ(mailbox.counts().total, 1U);
  EXPECT_EQ(ask("DELETE", "/api/v1/messages").body, "ok");
  EXPECT_EQ(mailbox.counts().total, 0U);
}

TEST_F(MailboxApp, keeps_foreign_hosts_and_pages_out) {
  add();
  struct Case {
    std::string method, host, origin;
    int status;
  };
  for (const auto& [method, host, origin, status] : std::initializer_list<Case>{
           {"GET", "localhost:54324", "", 200},
           {"GET", "127.0.0.1:54324", "", 200},
           {"GET", "rebound.example:54324", "", 403},
           {"DELETE", "rebound.example:54324", "http://rebound.example:54324", 403},
           {"PUT", "localhost:54324", "http://localhost:54324", 400},  // goes on, and has no body
           {"PUT", "localhost:54324", "http://localhost:3000", 403},
           {"PUT", "localhost:54324", "https://evil.example", 403},
           {"PUT", "localhost:54324", "null", 403}}) {
    TestClient::Headers headers{{"Host", host}};
    if (!origin.empty()) headers.emplace_back("Origin", origin);
    EXPECT_EQ(ask(method, "/api/v1/messages", method == "PUT" ? "[]" : "", headers).status, status)
        << method << host << origin;
  }
  EXPECT_EQ(mailbox.counts().total, 1U);
  EXPECT_EQ(client().ws("/api/events", {.headers = {{"Origin", "https://evil.example"}}}).reply().status, 403);
}

TEST_F(MailboxApp, tells_open_pages_of_each_change) {
  TestWebSocket page = client().ws("/api/events", {.headers = {{"Host", "localhost"}, {"Origin", "http://localhost"}}});
  ASSERT_EQ(page.reply().status, 101);
  while (hub.size("mails") == 0) EXPECT_EQ(ask("GET", "/api/v1/info").status, 200);
  add();
  const json::value event = TestReply{.body = page.receive_text()}.json();
  EXPECT_EQ(event.at("Type"), "new");
  EXPECT_EQ(event.at("Data").at("Subject"), "Grüße");
  EXPECT_EQ(TestReply{.body = page.receive_text()}.json().at("Data").at("Unread"), 1);
  mailbox.remove(std::nullopt);
  EXPECT_EQ(TestReply{.body = page.receive_text()}.json().at("Type"), "prune");
}

}  // namespace
}  // namespace bailey::stack::mail
