#pragma once

#include <bailey/query/schema_cache.hpp>
#include <bailey/runtime/loop_local.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace bailey::query::detail {

// The schema as all loops see it: swapped whole, never changed. Each loop keeps a copy of the pointer and looks at the
// version only, so a request takes no lock unless the schema has been swapped since the loop's last one.
class SchemaSnapshot {
 public:
  // Any thread.
  [[nodiscard]] std::shared_ptr<const SchemaCache> load() const {
    const std::lock_guard lock(mutex_);
    return schema_;
  }
  void store(std::shared_ptr<const SchemaCache> schema) {
    const std::lock_guard lock(mutex_);
    schema_ = std::move(schema);
    version_.fetch_add(1, std::memory_order_release);
  }

  // On a loop's thread.
  [[nodiscard]] std::shared_ptr<const SchemaCache> load_on_loop() const {
    Copy& copy = copies_.get();
    if (copy.version != version_.load(std::memory_order_acquire)) {
      const std::lock_guard lock(mutex_);
      copy = {schema_, version_.load(std::memory_order_relaxed)};
    }
    return copy.schema;
  }

 private:
  struct Copy {
    std::shared_ptr<const SchemaCache> schema;
    std::uint64_t version = 0;
  };

  mutable std::mutex mutex_;
  std::shared_ptr<const SchemaCache> schema_;
  std::atomic<std::uint64_t> version_ = 0;
  mutable LoopLocal<Copy> copies_;
};

}  // namespace bailey::query::detail
