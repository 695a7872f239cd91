#pragma once

#include <bailey/graphql/detail/loading.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace bailey::graphql {

// A value that a loader is asked for: a Task to await, `Person owner = co_await people.load(card.owner_id);`, or for a
// resolver to return as it is, which starts no coroutine. It throws what the batch has thrown, for the key or for all.
// It belongs to the operation, and is used before that ends.
template <class V>
class [[nodiscard]] Loaded : public Task<V> {
 public:
  explicit Loaded(const std::shared_ptr<detail::LoadedEntry<V>>& entry) : Task<V>(await(entry)), entry_(entry) {}

  [[nodiscard]] const std::shared_ptr<detail::LoadedEntry<V>>& entry() const noexcept { return entry_; }

 private:
  static Task<V> await(std::shared_ptr<detail::LoadedEntry<V>> entry) {
    co_await entry->wait();
    co_return entry->value();
  }

  std::shared_ptr<detail::LoadedEntry<V>> entry_;
};

// Loads many values in one go for resolvers that ask for one each: a field of a hundred objects costs one query. As a
// resolver's parameter it is taken as `Loader<Uuid, Person>&`, and made once for each operation, by what the
// schema has been told:
//
//   schema.loader([](std::vector<Uuid> keys, const Supabase& supabase) -> Task<std::map<Uuid, Person>> {
//     auto people = co_await supabase.from<Person>("people").in(&Person::id, keys);
//     …
//   });
//   type.field("owner", [](const Card& card, Loader<Uuid, std::optional<Person>>& people) {
//     return people.load(card.owner_id);
//   });
//
// What is asked for is loaded when no resolver of the operation can go on without it, each key once. `Tag` tells two
// loaders of the same types apart.
template <class K, class V, class Tag = void>
class Loader final : public detail::LoaderBase {
 public:
  using key_type = K;
  using value_type = V;

  Loader(detail::Loading& loading, const detail::BatchCode<K, V>& batch) : loading_(loading), batch_(batch) {}

  [[nodiscard]] Loaded<V> load(const K& key) {
    auto [at, is_new] = entries_.try_emplace(key);
    if (is_new) {
      at->second = std::make_shared<detail::LoadedEntry<V>>();
      asked_.emplace_back(at->first, at->second);
      loading_.ask();
    }
    return Loaded<V>(at->second);
  }
  // In the order of the keys.
  [[nodiscard]] Task<std::vector<V>> load_many(std::vector<K> keys) {
    std::vector<std::shared_ptr<detail::LoadedEntry<V>>> entries;
    entries.reserve(keys.size());
    for (const K& key : keys) entries.push_back(load(key).entry());
    return await_all(std::move(entries));
  }
  // Says what a key's value is, for who asks from now on; nothing where it has been asked for already.
  void prime(const K& key, V value) {
    auto [at, is_new] = entries_.try_emplace(key);
    if (!is_new) return;
    at->second = std::make_shared<detail::LoadedEntry<V>>();
    at->second->succeed(std::move(value));
  }
  // Forgets what is known of a key, as after a mutation: who asks from now on has it loaded again.
  void clear(const K& key) { entries_.erase(key); }
  void clear_all() { entries_.clear(); }

 private:
  using Entries = std::map<K, std::shared_ptr<detail::LoadedEntry<V>>>;

  static Task<std::vector<V>> await_all(std::vector<std::shared_ptr<detail::LoadedEntry<V>>> entries) {
    std::vector<V> values;
    values.reserve(entries.size());
    for (const auto& entry : entries) {
      co_await entry->wait();
      values.push_back(entry->value());
    }
    co_return values;
  }

  void start_batches() override {
    auto asked = std::exchange(asked_, {});
    const std::size_t most = batch_.max_size == 0 ? asked.size() : batch_.max_size;
    for (std::size_t first = 0; first < asked.size(); first += most) {
      std::vector<K> keys;
      std::vector<std::shared_ptr<detail::LoadedEntry<V>>> entries;
      for (std::size_t at = first; at < std::min(asked.size(), first + most); ++at) {
        keys.push_back(std::move(asked[at].first));
        entries.push_back(std::move(asked[at].second));
      }
      loading_.start(load_batch(batch_, loading_, std::move(keys), std::move(entries)));
    }
  }

  static Task<> load_batch(const detail::BatchCode<K, V>& batch, detail::Loading& loading, std::vector<K> keys,
                           std::vector<std::shared_ptr<detail::LoadedEntry<V>>> entries) {
    std::exception_ptr failure;
    try {
      co_await batch.load(loading.run(), std::move(keys), entries);
    } catch (...) {
      failure = std::current_exception();
    }
    for (const auto& entry : entries) {
      if (!entry->is_settled()) entry->fail(failure ? failure : detail::value_is_missing());
    }
  }

  detail::Loading& loading_;
  const detail::BatchCode<K, V>& batch_;
  Entries entries_;
  std::vector<std::pair<K, std::shared_ptr<detail::LoadedEntry<V>>>> asked_;
};

}  // namespace bailey::graphql
