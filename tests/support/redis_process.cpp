#include "tests/support/redis_process.hpp"

#include <hiredis/hiredis.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <thread>

namespace bailey::test {

namespace {

using Connection = std::unique_ptr<redisContext, decltype(&redisFree)>;

Connection connect_to(const std::filesystem::path& socket) { return {redisConnectUnix(socket.c_str()), &redisFree}; }

std::string text_of(const redisReply& reply) {
  switch (reply.type) {
    case REDIS_REPLY_INTEGER: return std::to_string(reply.integer);
    case REDIS_REPLY_ARRAY: {
      std::string text;
      for (std::size_t i = 0; i < static_cast<std::size_t>(reply.elements); ++i)
        text.append(i == 0 ? "" : " ").append(text_of(*reply.element[i]));
      return text;
    }
    default: return reply.str == nullptr ? "" : std::string(reply.str, static_cast<std::size_t>(reply.len));
  }
}

}  // namespace

RedisProcess::RedisProcess(std::vector<std::string> options) : options_(std::move(options)) {
  std::string name = (std::filesystem::temp_directory_path() / "bailey-redis-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for a test's Redis");
  folder_ = name;
  start();
}

RedisProcess::~RedisProcess() {
  stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void RedisProcess::start() {
  std::vector<std::string> words{"--port",       "0",  "--unixsocket", socket().string(), "--save",    "",
                                 "--appendonly", "no", "--dir",        folder_.string(),  "--logfile", "redis.log"};
  words.insert(words.end(), options_.begin(), options_.end());
  std::vector<char*> arguments{nullptr};  // the program's name
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    for (const char* program : {"redis-server", "valkey-server"}) {
      arguments[0] = const_cast<char*>(program);
      ::execvp(program, arguments.data());
    }
    ::_exit(127);
  }
  for (int i = 0; i < 500; ++i) {
    const Connection connection = connect_to(socket());
    if (connection && connection->err == 0) return;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      throw std::runtime_error("redis-server does not start: is it installed (script/bootstrap --tests)?");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw std::runtime_error("redis-server takes no connections");
}

void RedisProcess::stop() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void RedisProcess::freeze() { ::kill(pid_, SIGSTOP); }
void RedisProcess::thaw() { ::kill(pid_, SIGCONT); }

std::string RedisProcess::ask(const std::vector<std::string>& command) const {
  const Connection connection = connect_to(socket());
  if (!connection || connection->err != 0) throw std::runtime_error("a test's Redis is not there");
  std::vector<const char*> texts;
  for (const std::string& word : command) texts.push_back(word.c_str());
  auto* const reply = static_cast<redisReply*>(
      redisCommandArgv(connection.get(), static_cast<int>(texts.size()), texts.data(), nullptr));
  if (reply == nullptr) throw std::runtime_error("a test's Redis does not answer");
  std::string text = text_of(*reply);
  freeReplyObject(reply);
  return text;
}

}  // namespace bailey::test
