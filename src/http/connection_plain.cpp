#include "http/connection_io.hpp"

namespace bailey::http {

void start_plain_connection(std::shared_ptr<Worker> worker, LoopSocket socket, bool over_limit) {
  Connection<PlainStream>::start(std::move(worker), std::move(socket), over_limit);
}

}  // namespace bailey::http
