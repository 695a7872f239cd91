#include "stack/mail/mailbox_page.hpp"

#include <bailey/web/error.hpp>

#include <array>
#include <string>

namespace bailey::stack::mail {
namespace {

struct PageFile {
  std::string_view name, content_type, text;
};
constexpr std::array page_files{
#include "mail_page_table.inc"
};

// Mails are shown in a frame of our own address, which cannot lead elsewhere. The page itself shows what strangers have
// written as text only.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

http::Response response_of(const PageFile& file) {
  http::Response response(200);
  response.content_type(file.content_type);
  response.body = std::string(file.text);
  return response;
}

const PageFile& file_named(std::string_view name) {
  for (const PageFile& file : page_files) {
    if (file.name == name) return file;
  }
  throw HttpError(404);
}

}  // namespace

http::Response page_response() {
  http::Response response = response_of(file_named("page.html"));
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

http::Response page_asset(std::string_view name) { return response_of(file_named(name)); }

}  // namespace bailey::stack::mail
