// Documents by their text, those that were asked for last; and by a name that clients have given them. Shared by all
// threads.
#pragma once

#include <graphql/engine/prepared_document.hpp>

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace bailey::graphql {

class DocumentCache {
 public:
  // Bounds of what is kept: documents, and bytes of memory that they take with their plans.
  struct Bounds {
    std::size_t documents = 1'000;
    std::size_t bytes = 64UZ * 1024 * 1024;
  };
  explicit DocumentCache(Bounds bounds) : bounds_(bounds) {}

  // Null where it is not kept.
  [[nodiscard]] std::shared_ptr<const PreparedDocument> find(std::string_view text);
  void keep(std::shared_ptr<const PreparedDocument> document);
  // Of one that has become larger, whether or not it is kept.
  void weigh(const PreparedDocument& document);

  // Names a document that is kept, once, as long as it is kept.
  void name(std::string_view text, std::string name);
  [[nodiscard]] std::shared_ptr<const PreparedDocument> find_named(std::string_view name);

 private:
  struct Kept {
    std::shared_ptr<const PreparedDocument> document;
    std::size_t bytes = 0;
    std::string name{};  // empty: it has none
  };
  // The last that was asked for first; what looks into a text or a name is in the same entry.
  using Order = std::list<Kept>;
  using Places = std::unordered_map<std::string_view, Order::iterator>;

  [[nodiscard]] std::shared_ptr<const PreparedDocument> find_in(const Places& places, std::string_view key);
  // With the lock held: takes out what is too much, the first that was asked for first.
  [[nodiscard]] Order take_surplus();

  Bounds bounds_;
  std::mutex mutex_;
  Order order_;
  Places places_;
  Places named_;
  std::size_t bytes_ = 0;
};

}  // namespace bailey::graphql
