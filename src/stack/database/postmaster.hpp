#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "stack/database/cluster.hpp"
#include "stack/database/process.hpp"

namespace bailey::stack {

// Keeps the project's PostgreSQL running: starts it, starts it again with growing pauses when it dies, and stops it
// with its owner. One thread of its own does the watching; the kernel tells PostgreSQL to shut down should that thread
// end in any other way, so a killed bailey leaves no orphan.
class Postmaster {
 public:
  // Starts PostgreSQL and waits until it takes connections. One that an earlier run left behind is stopped first.
  // Autovacuum runs once `bootstrap` has ended: before, what an earlier Bailey made is not safe from a project's code.
  // Off, PostgreSQL still runs it on a table whose transaction numbers come to their end. Throws Error:
  // "address_in_use", "postgres_failed", "unsafe_file"; std::system_error.
  explicit Postmaster(Cluster cluster);

  // A fast shutdown: sessions are ended, data is written. Waits for it, minutes where the disk is slow.
  ~Postmaster();
  Postmaster(const Postmaster&) = delete;
  Postmaster& operator=(const Postmaster&) = delete;

  [[nodiscard]] const Cluster& cluster() const noexcept { return cluster_; }
  [[nodiscard]] std::uint64_t restarts() const noexcept { return restarts_; }
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }  // 0 while it is down

 private:
  void watch();
  [[nodiscard]] Process launch() const;
  [[nodiscard]] bool await_ready(Process& server);
  void report_start(std::optional<std::string> failure);

  Cluster cluster_;
  Descriptor stop_;  // an eventfd; readable once the owner wants an end
  std::atomic<std::uint64_t> restarts_ = 0;
  std::atomic<pid_t> pid_ = 0;
  std::mutex mutex_;
  std::condition_variable started_;
  bool start_reported_ = false;
  std::optional<std::string> start_failure_;
  std::thread watcher_;
};

}  // namespace bailey::stack
