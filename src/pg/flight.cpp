// The bookkeeping of a pipeline: results carry no name, so the order is everything. Anything that does not fit the
// order is `broken`: going on would hand one user's rows to another.
#include "pg/flight.hpp"

#include <algorithm>

namespace bailey::pg::detail {

void Flight::begin(Group* waiting, Protocol protocol) {
  group = waiting;
  failure.reset();
  failed_step = {};
  cancel_wanted = exposed = oversized = unclean = stale = answered_ = false;
  patience = {};
  pace = 0;
  expected = {};
  steps_.clear();
  at_ = rows_ = 0;
  protocol_ = protocol;
}

Verdict Flight::accept(Arrival arrival) {
  if (arrival == Arrival::unexpected) return Verdict::broken;
  if (protocol_ == Protocol::simple) {
    if (arrival == Arrival::end) return Verdict::finished;
    if (arrival == Arrival::success) return Verdict::nothing;
    return arrival == Arrival::failure ? Verdict::keep_failure : Verdict::broken;
  }
  const Step* current = step();
  switch (arrival) {
    case Arrival::success:
      if (current == nullptr || answered_ || failure) return Verdict::broken;
      answered_ = true;
      if (current->kind == Step::Kind::prepare) return Verdict::proven;
      if (current->kind != Step::Kind::execute) return Verdict::nothing;
      ++rows_;
      return Verdict::keep_rows;
    case Arrival::failure:
      if (failure) return Verdict::broken;
      answered_ = true;
      failed_step = current != nullptr ? *current : Step{};
      return Verdict::keep_failure;
    case Arrival::skipped:
      if (current == nullptr || answered_ || !failure) return Verdict::broken;
      answered_ = true;
      return current->kind == Step::Kind::prepare ? Verdict::unproven : Verdict::nothing;
    case Arrival::end:
      if (!answered_) return Verdict::broken;
      answered_ = false;
      if (current != nullptr) ++at_;
      return Verdict::nothing;
    case Arrival::sync: return current == nullptr && !answered_ ? Verdict::finished : Verdict::broken;
    case Arrival::unexpected: break;
  }
  return Verdict::broken;
}

Flight& Flights::push() {
  if (count_ == ring_.size()) {
    std::ranges::rotate(ring_, ring_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
    const std::size_t wanted = std::max<std::size_t>(8, 2 * count_);
    while (ring_.size() < wanted) ring_.push_back(std::make_unique<Flight>());
  }
  return (*this)[count_++];
}

void Flights::pop() noexcept {
  first_ = (first_ + 1) % ring_.size();
  --count_;
}

Flight* Flights::find(const Group& group) noexcept {
  for (std::size_t index = 0; index < count_; ++index)
    if (Flight& flight = (*this)[index]; flight.group == &group) return &flight;
  return nullptr;
}

}  // namespace bailey::pg::detail
