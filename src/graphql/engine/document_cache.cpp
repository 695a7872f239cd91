#include <graphql/engine/document_cache.hpp>

#include <utility>

namespace bailey::graphql {

std::shared_ptr<const PreparedDocument> DocumentCache::find_in(const Places& places, std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto place = places.find(key);
  if (place == places.end()) return nullptr;
  order_.splice(order_.begin(), order_, place->second);
  return place->second->document;
}

std::shared_ptr<const PreparedDocument> DocumentCache::find(std::string_view text) { return find_in(places_, text); }
std::shared_ptr<const PreparedDocument> DocumentCache::find_named(std::string_view name) {
  return find_in(named_, name);
}

void DocumentCache::name(std::string_view text, std::string name) {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(text);
  if (place == places_.end() || !place->second->name.empty() || named_.contains(name)) return;
  Kept& kept = *place->second;
  kept.name = std::move(name);
  named_.emplace(kept.name, place->second);
}

void DocumentCache::keep(std::shared_ptr<const PreparedDocument> document) {
  const std::string_view text = document->document().text();
  const std::size_t bytes = document->document().size_in_memory();
  if (bounds_.documents == 0 || bytes > bounds_.bytes) return;
  // What is dropped is destroyed when others may go on.
  Order dropped;
  const std::lock_guard lock(mutex_);
  if (places_.contains(text)) return;
  order_.push_front({.document = std::move(document)});
  places_.emplace(text, order_.begin());
  bytes_ += bytes;
  while (order_.size() > bounds_.documents || bytes_ > bounds_.bytes) {
    const Kept& last = order_.back();
    const std::string_view last_text = last.document->document().text();
    bytes_ -= last.document->document().size_in_memory();
    places_.erase(last_text);
    if (!last.name.empty()) named_.erase(last.name);
    dropped.splice(dropped.begin(), order_, std::prev(order_.end()));
  }
}

}  // namespace bailey::graphql
