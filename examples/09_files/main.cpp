// Files out: a directory of them, a front end, a download; compressed where that saves something.
//
//   files DIRECTORY    http://127.0.0.1:8000, with DIRECTORY/site as the front end and DIRECTORY/assets below /assets
#include <bailey/bailey.hpp>

using namespace bailey;

int main(int count, char** arguments) try {
  const std::string directory = count > 1 ? arguments[1] : ".";
  App app{{.title = "Files"}};

  // [compress]
  app.use(compress());
  // [/compress]

  // [static_files]
  const StaticFiles assets(directory + "/assets", {.cache_control = "public, max-age=31536000, immutable"});
  app.get("/assets/{path:path}",
          [assets](const Request& request, Path<"path"> path) { return assets.respond(request, *path); });
  // [/static_files]

  // [frontend]
  const StaticFiles site(directory + "/site", {.frontend = true});
  app.get("/{path:path}", [site](const Request& request, Path<"path"> path) { return site.respond(request, *path); });
  // [/frontend]

  // [file_response]
  app.get("/report", [directory](const Request& request) {
    return file_response(request, directory + "/report.csv", {.download_name = "Übersicht.csv"});
  });
  // [/file_response]

  // [no_transform]
  app.get("/search", [](Query<"text"> text) {
    const json::object answer{{"searched", *text}, {"form_token", "what a stranger's page must not learn"}};
    Response response = Response::json(200, to_json_text(answer));
    response.headers.set("Cache-Control", "no-store, no-transform");
    return response;
  });
  // [/no_transform]

  app.run();
} catch (const std::exception& error) {
  return failed(error);
}
