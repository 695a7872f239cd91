#include <graphql/engine/document_cache.hpp>

#include <utility>

namespace bailey::graphql {

std::shared_ptr<const PreparedDocument> DocumentCache::find(std::string_view text) {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(text);
  if (place == places_.end()) return nullptr;
  order_.splice(order_.begin(), order_, place->second);
  return *place->second;
}

void DocumentCache::keep(std::shared_ptr<const PreparedDocument> document) {
  const std::string_view text = document->document().text();
  if (bounds_.documents == 0 || text.size() > bounds_.bytes) return;
  // What is dropped is destroyed when others may go on.
  Order dropped;
  const std::lock_guard lock(mutex_);
  if (places_.contains(text)) return;
  order_.push_front(std::move(document));
  places_.emplace(text, order_.begin());
  bytes_ += text.size();
  while (order_.size() > bounds_.documents || bytes_ > bounds_.bytes) {
    const std::string_view last = order_.back()->document().text();
    bytes_ -= last.size();
    places_.erase(last);
    dropped.splice(dropped.begin(), order_, std::prev(order_.end()));
  }
}

}  // namespace bailey::graphql
