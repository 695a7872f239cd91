#include "pg/waiter.hpp"

#include <bailey/base/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace bailey::pg::detail {

bool Waiter::withdraw(Reason reason) noexcept {
  if (settled_) return false;
  settled_ = true;
  detach();
  error = reason == Reason::cancelled
              ? std::make_exception_ptr(boost::system::system_error(boost::asio::error::operation_aborted))
              : std::make_exception_ptr(Error("database_timeout", "The database took too long to be available.", 504));
  return true;
}

}  // namespace bailey::pg::detail
