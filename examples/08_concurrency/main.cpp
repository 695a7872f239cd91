// Several things at a time: beside each other, the first of them, no more than so many, one handing to the other, in
// the background of a service, and what each event loop keeps for itself. Prints what became of each.
#include <bailey/base/error.hpp>
#include <bailey/base/failed.hpp>
#include <bailey/runtime/channel.hpp>
#include <bailey/runtime/event.hpp>
#include <bailey/runtime/loop_local.hpp>
#include <bailey/runtime/run_blocking.hpp>
#include <bailey/runtime/semaphore.hpp>
#include <bailey/runtime/sleep.hpp>
#include <bailey/runtime/task_group.hpp>
#include <bailey/runtime/when.hpp>

#include <iostream>
#include <map>
#include <string>
#include <vector>

using namespace bailey;
using namespace std::chrono_literals;

// Stands for a database, or another service.
Task<std::string> fetch(std::string name) {
  co_await sleep_for(2ms);
  co_return "the " + name;
}

// [when_all]
Task<std::string> dashboard() {
  auto [cards, messages] = co_await when_all(fetch("cards"), fetch("messages"));
  co_return cards + " and " + messages;
}
// [/when_all]

// [when_any]
Task<std::string> fetch_in_time(std::string name) {
  auto first = co_await when_any(fetch(name), sleep_for(5s));
  if (first.index() == 1) throw Error("timeout", "It took too long", 504);
  co_return std::get<0>(std::move(first));
}
// [/when_any]

// [semaphore]
Task<std::string> fetch_in_turn(Semaphore places, std::string name) {
  const auto permit = co_await places.acquire();  // a place, until this goes
  co_return co_await fetch(std::move(name));
}

Task<std::size_t> import(std::vector<std::string> names) {
  const Semaphore places(3);
  std::vector<Task<std::string>> parts;
  for (const std::string& name : names) parts.push_back(fetch_in_turn(places, name));
  const auto imported = co_await when_all(std::move(parts));
  co_return imported.size();
}
// [/semaphore]

// [channel]
Task<> count_up(Channel<int> numbers, int last) {
  const auto closing = numbers.close_at_end();
  for (int number = 1; number <= last; ++number) {
    if (!co_await numbers.send(number)) co_return;  // nobody receives any more
  }
}

Task<int> add_up(Channel<int> numbers) {
  const auto closing = numbers.close_at_end();
  int sum = 0;
  while (const auto number = co_await numbers.receive()) sum += *number;
  co_return sum;
}

Task<int> sum_of_numbers() {
  const Channel<int> numbers(10);
  co_return std::get<1>(co_await when_all(count_up(numbers, 100), add_up(numbers)));
}
// [/channel]

// [task_group]
// Saves drafts in the background: who hands one in does not wait.
class Drafts {
 public:
  void save(std::string text) { saving_.spawn(write(std::move(text), saved_)); }
  Event saved() const { return saved_; }
  Task<bool> close() { return saving_.drain(10s); }  // before this goes

 private:
  static Task<> write(std::string text, Event saved) {
    std::cout << co_await fetch_in_time(text) + ", saved\n";
    saved.set();
  }

  Event saved_;
  TaskGroup saving_{"drafts"};
};
// [/task_group]

// [with_task_group]
Task<std::size_t> follow(Channel<std::string> links) {
  std::vector<std::string> found;  // the tasks use it: it is here, and not in the body
  co_await with_task_group("links", 10s, [&](TaskGroup& group) -> Task<> {
    while (const auto link = co_await links.receive())
      group.spawn([&found, name = *link]() -> Task<> { found.push_back(co_await fetch(name)); });
  });
  co_return found.size();
}
// [/with_task_group]

// [event]
Task<> write_a_draft() {
  Drafts drafts;
  drafts.save("draft");
  if (!co_await drafts.saved().wait_for(5s)) std::cout << "not yet\n";
  static_cast<void>(co_await drafts.close());
}
// [/event]

// [loop_local]
// What was fetched before. Each loop has its own, so nothing is locked.
class Cache {
 public:
  Task<std::string> get(std::string name) const {
    std::map<std::string, std::string>& known = known_.get();
    if (const auto found = known.find(name); found != known.end()) co_return found->second;
    std::string value = co_await fetch(name);
    ++asked_.get();
    co_return known[name] = value;
  }
  int asked() const { return asked_.get(); }

 private:
  mutable LoopLocal<std::map<std::string, std::string>> known_;
  mutable LoopLocal<int> asked_;
};
// [/loop_local]

Task<> use_a_cache() {
  const Cache cache;
  for (const std::string name : {"a", "b", "a"}) static_cast<void>(co_await cache.get(name));
  std::cout << "asked " << cache.asked() << " times\n";
}

Task<int> program() {
  std::cout << co_await dashboard() << '\n' << co_await fetch_in_time("news") << '\n';
  std::cout << "imported " << co_await import({"one", "two", "three", "four", "five", "six"}) << '\n';
  std::cout << "counted " << co_await sum_of_numbers() << '\n';
  Channel<std::string> links(2);
  for (std::string link : {"home", "help"}) static_cast<void>(links.try_send(link));
  links.close();
  std::cout << "followed " << co_await follow(links) << '\n';
  co_await write_a_draft();
  co_await use_a_cache();
  co_return 0;
}

int main() try { return run_blocking(program()); } catch (const std::exception& error) {
  return failed(error);
}
