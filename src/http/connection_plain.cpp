#include "http/connection_body.hpp"
#include "http/connection_io.hpp"
#include "http/connection_stream.hpp"

namespace bailey::http {

void start_plain_connection(std::shared_ptr<Worker> worker, Accepted accepted, bool over_limit) {
  Connection<PlainStream>::start(std::move(worker), std::move(accepted), over_limit);
}

}  // namespace bailey::http
