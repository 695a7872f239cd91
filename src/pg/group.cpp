#include "pg/group.hpp"

#include "pg/connection.hpp"
#include "pg/pool.hpp"

namespace bailey::pg::detail {

void Group::detach() noexcept {
  if (in != nullptr) {
    in->remove(*this);
    if (queue != nullptr) queue->forgotten();
  }
  if (connection != nullptr) connection->abandon(*this);
}

}  // namespace bailey::pg::detail
