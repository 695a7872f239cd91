#include <graphql/engine/document_cache.hpp>

#include <iterator>
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
  const std::size_t bytes = document->size_in_memory();
  if (bounds_.documents == 0 || bytes > bounds_.bytes) return;
  Order dropped;  // destroyed when others may go on
  const std::lock_guard lock(mutex_);
  if (places_.contains(text)) return;
  order_.push_front({.document = std::move(document), .bytes = bytes});
  places_.emplace(text, order_.begin());
  bytes_ += bytes;
  dropped = take_surplus();
}

void DocumentCache::weigh(const PreparedDocument& document) {
  Order dropped;
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(document.document().text());
  if (place == places_.end() || place->second->document.get() != &document) return;
  Kept& kept = *place->second;
  bytes_ -= kept.bytes;
  kept.bytes = document.size_in_memory();
  bytes_ += kept.bytes;
  dropped = take_surplus();
}

DocumentCache::Order DocumentCache::take_surplus() {
  Order dropped;
  while (order_.size() > bounds_.documents || bytes_ > bounds_.bytes) {
    const Kept& last = order_.back();
    bytes_ -= last.bytes;
    places_.erase(last.document->document().text());
    if (!last.name.empty()) named_.erase(last.name);
    dropped.splice(dropped.begin(), order_, std::prev(order_.end()));
  }
  return dropped;
}

}  // namespace bailey::graphql
