// A round is all checks, once, side by side, as tasks of the loop's: who asks waits for the round and may go away. Who
// comes within a second of its end gets its results. A check that does not even end when it is cancelled counts as
// failed, and there is no further round before it has ended.
#include "web/readiness.hpp"

#include <bailey/base/log.hpp>
#include <bailey/model/json.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/when.hpp>

#include <boost/asio/error.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace bailey::web_detail {

namespace {
constexpr std::chrono::milliseconds kept_for{1000};
constexpr std::chrono::milliseconds spare{300};  // to the checks' own timeouts: for the ticks of the loop's wheel
}  // namespace

struct Readiness::Round {
  explicit Round(std::size_t checks) : passed(checks, false), pending(checks) {}
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point ended;  // once `over` is set
  Event over;
  std::vector<bool> passed;
  std::size_t pending;
};

std::chrono::milliseconds Readiness::patience() const noexcept {
  std::chrono::milliseconds longest{0};
  for (const auto& check : *checks_) longest = std::max(longest, check->timeout);
  return longest + spare;
}

std::shared_ptr<Readiness::Round> Readiness::current_round() const {
  std::shared_ptr<Round>& round = latest_.get().round;
  const bool is_usable = round && (!round->over.is_set() || std::chrono::steady_clock::now() - round->ended < kept_for);
  if (is_usable) return round;
  round = std::make_shared<Round>(checks_->size());
  for (std::size_t index = 0; index < checks_->size(); ++index)
    Loop::current().spawn("readiness check " + (*checks_)[index]->name, run_check(checks_, index, round));
  return round;
}

Task<> Readiness::run_check(std::shared_ptr<const Checks> checks, std::size_t index, std::shared_ptr<Round> round) {
  const Check& check = *(*checks)[index];
  bool has_passed = false;
  bool is_told = true;
  std::string reason;
  try {
    auto first = co_await when_any(check.check->run(check.objects), sleep_for(check.timeout));
    if (first.index() == 1) {
      reason = "no answer within " + std::to_string(check.timeout.count()) + " ms";
    } else if (std::get<0>(first)) {
      has_passed = true;
    } else {
      reason = "the check says no";
    }
  } catch (const boost::system::system_error& error) {
    is_told = error.code() != boost::asio::error::operation_aborted;  // the loop ends
    reason = error.what();
  } catch (const std::exception& error) {
    reason = error.what();
  } catch (...) {
    reason = "an exception that is not derived from std::exception";
  }
  if (is_told && check.has_failed.exchange(!has_passed) == has_passed) {
    if (has_passed) {
      log::info("ready again", {{"check", check.name}});
    } else {
      log::warning("not ready", {{"check", check.name}, {"reason", reason}});
    }
  }
  round->passed[index] = has_passed;
  if (--round->pending > 0) co_return;
  round->ended = std::chrono::steady_clock::now();
  round->over.set();
}

Task<http::Response> Readiness::answer() const {
  const std::shared_ptr<Round> round = checks_->empty() ? nullptr : current_round();
  if (round && !round->over.is_set()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(round->began + patience() -
                                                                            std::chrono::steady_clock::now());
    if (left.count() > 0) static_cast<void>(co_await round->over.wait_for(left));
  }
  json::array failing;
  for (std::size_t index = 0; index < checks_->size(); ++index)
    if (!round->passed[index]) failing.emplace_back((*checks_)[index]->name);
  json::object body{{"status", failing.empty() ? "ready" : "not ready"}};
  const int status = failing.empty() ? 200 : 503;
  if (!failing.empty()) body["failing"] = std::move(failing);
  co_return http::Response::json(status, json::serialize(body));
}

}  // namespace bailey::web_detail
