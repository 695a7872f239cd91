// Documents by their text, those that were asked for last. Shared by all threads.
#pragma once

#include <graphql/engine/prepared_document.hpp>

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

namespace bailey::graphql {

class DocumentCache {
 public:
  // Bounds of what is kept: documents, and bytes of their texts.
  struct Bounds {
    std::size_t documents = 1'000;
    std::size_t bytes = 16UZ * 1024 * 1024;
  };
  explicit DocumentCache(Bounds bounds) : bounds_(bounds) {}

  // Null where it is not kept.
  [[nodiscard]] std::shared_ptr<const PreparedDocument> find(std::string_view text);
  void keep(std::shared_ptr<const PreparedDocument> document);

 private:
  // The last that was asked for first; what looks into a text is in the same entry.
  using Order = std::list<std::shared_ptr<const PreparedDocument>>;

  Bounds bounds_;
  std::mutex mutex_;
  Order order_;
  std::unordered_map<std::string_view, Order::iterator> places_;
  std::size_t bytes_ = 0;
};

}  // namespace bailey::graphql
