#include <bailey/http/handler.hpp>

#include "http/response_writer.hpp"

namespace bailey::http {

Response Handler::refuse(int status, std::string_view detail, std::string_view /*target*/) {
  return error_response(status, detail);
}

}  // namespace bailey::http
