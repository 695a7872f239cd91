// Forms as browsers send them: fields, files, both.
#include <bailey/bailey.hpp>

using namespace bailey;

int main(int argc, char** argv) {
  App app;
  // [fields]
  app.post("/sign-in", [](Form<"username"> username, Form<"password", Secret> password) {
    return json::object{{"username", *username}, {"characters", password->reveal().size()}};
  });
  // [/fields]

  // [rules]
  app.post("/orders", [](Form<"copies", int, Number{.ge = 1, .le = 10}> copies,
                         Form<"gift", bool, Number{.default_value = false}> gift,
                         Form<"extra", std::optional<std::vector<std::string>>> extras) {
    return json::object{{"copies", *copies}, {"gift", *gift}, {"extras", *extras ? (*extras)->size() : 0}};
  });
  // [/rules]

  // [file]
  app.post("/cover", [](File<"cover"> cover) -> Task<json::object> {
    const std::string begin = co_await cover->read(8);
    co_return json::object{{"filename", cover->filename},
                           {"content_type", cover->content_type},
                           {"size", cover->size()},
                           {"begins_with", begin}};
  });
  // [/file]

  // [optional]
  app.post("/maybe-cover", [](File<"cover", std::optional<http::UploadFile>> cover) {
    return PlainText{cover->has_value() ? "thank you" : "none chosen"};
  });
  // [/optional]

  // [files]
  app.post("/scans", [](File<"scan", std::vector<http::UploadFile>> scans) {
    std::vector<std::string> names;
    for (const http::UploadFile& scan : *scans) names.push_back(scan.filename);
    return names;
  });
  // [/files]

  // [both]
  app.post("/books", [](Form<"title"> title, File<"cover"> cover) {
    return json::object{{"title", *title}, {"cover", cover->filename}};
  });
  // [/both]

  // [limits]
  app.post("/notes", [](File<"note"> note) -> Task<std::string> { co_return co_await note->read(); },
           {.form_limits = {.files = 1, .file_bytes = 16}});
  // [/limits]
  return run(app, argc, argv);
}
