// curl's multi_socket interface on Asio. curl owns its sockets; Asio only watches them. A watch ends when curl says so,
// which it does before it closes a socket, so a descriptor number that is used again is never confused with the old
// one. curl is only ever entered from the event loop and no coroutine is resumed from its callbacks: nothing here
// nests.
#include "http/client_loop.hpp"

#include <boost/asio/post.hpp>

#include <new>

namespace bailey::http::detail {
namespace {

constexpr std::size_t idle_easy_limit = 64;

void initialise_curl_once() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK) throw Error("http_client_unavailable", "The HTTP client could not be initialised");
}

}  // namespace

class ClientLoop::Watch : public std::enable_shared_from_this<Watch> {
 public:
  Watch(ClientLoop& loop, curl_socket_t socket) : loop_(loop), socket_(socket), descriptor_(loop.executor_, socket) {}
  ~Watch() { end(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  void want(int what) {
    wants_read_ = (what & CURL_POLL_IN) != 0;
    wants_write_ = (what & CURL_POLL_OUT) != 0;
    wait();
  }

  // Leaves the socket to curl.
  void end() noexcept {
    if (descriptor_.is_open()) descriptor_.release();
  }

 private:
  using Descriptor = boost::asio::posix::basic_stream_descriptor<LoopExecutor>;

  void wait() {
    if (wants_read_) wait_for(Descriptor::wait_read, reading_, wants_read_, CURL_CSELECT_IN);
    if (wants_write_) wait_for(Descriptor::wait_write, writing_, wants_write_, CURL_CSELECT_OUT);
  }

  void wait_for(Descriptor::wait_type type, bool& waiting, const bool& wanted, int event) {
    if (waiting) return;
    waiting = true;
    descriptor_.async_wait(type,
                           [self = shared_from_this(), &waiting, &wanted, event](boost::system::error_code error) {
                             waiting = false;
                             if (!self->descriptor_.is_open()) return;
                             if (wanted) self->loop_.act(self->socket_, error ? CURL_CSELECT_ERR : event);
                             if (self->descriptor_.is_open()) self->wait();  // curl may have ended the watch
                           });
  }

  ClientLoop& loop_;
  curl_socket_t socket_;
  Descriptor descriptor_;
  bool wants_read_ = false;
  bool wants_write_ = false;
  bool reading_ = false;
  bool writing_ = false;
};

// When curl wants to be called next. It changes its mind several times a transfer, mostly between "at once" and "when
// the transfer times out". The first is a turn of the loop; for the second the timer stays where it is if it wakes
// early enough: to set it is a system call, a fifth of what a request cost.
class ClientLoop::Alarm : public std::enable_shared_from_this<Alarm> {
 public:
  explicit Alarm(ClientLoop& loop) : loop_(&loop), timer_(loop.executor_) {}
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;
  ~Alarm() = default;

  void set(std::chrono::milliseconds delay) {
    due_ = Clock::now() + delay;
    if (delay.count() > 0) {
      wake_at(due_);
    } else if (!posted_) {
      boost::asio::post(loop_->executor_, [self = shared_from_this()] {
        self->posted_ = false;
        self->ring();
      });
      posted_ = true;
    }
  }
  void cancel() noexcept { due_ = never; }

  // The loop goes: it is not called any more.
  void end() noexcept {
    loop_ = nullptr;
    timer_.cancel();
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr Clock::time_point never = Clock::time_point::max();

  void wake_at(Clock::time_point when) {
    if (wakes_at_ <= when) return;
    timer_.expires_at(when);  // ends an earlier wait
    wakes_at_ = when;
    timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (error) return;
      self->wakes_at_ = never;
      self->ring();
    });
  }

  void ring() {
    if (loop_ == nullptr || due_ == never) return;
    if (Clock::now() < due_) return wake_at(due_);
    due_ = never;
    loop_->act(CURL_SOCKET_TIMEOUT, 0);
  }

  ClientLoop* loop_;
  LoopTimer timer_;
  Clock::time_point due_ = never;
  Clock::time_point wakes_at_ = never;
  bool posted_ = false;
};

ClientLoop::ClientLoop(std::shared_ptr<const ClientOptions> options, LoopExecutor executor)
    : options_(std::move(options)), executor_(executor), alarm_(std::make_shared<Alarm>(*this)) {
  initialise_curl_once();
  multi_ = curl_multi_init();
  if (multi_ == nullptr) throw std::bad_alloc();
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &ClientLoop::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &ClientLoop::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(options_->connection_limit));
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(options_->kept_connection_limit));
}

ClientLoop::~ClientLoop() {
  while (under_way_ != nullptr) {
    TransferOwner& owner = *under_way_;
    owner.loop_ends();
    owner.unlink();
  }
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, nullptr);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, nullptr);
  alarm_->end();
  for (const auto& [socket, watch] : watches_) watch->end();
  idle_.clear();
  curl_multi_cleanup(multi_);
}

EasyHandle ClientLoop::take_easy() {
  if (idle_.empty()) {
    EasyHandle easy(curl_easy_init());
    if (!easy) throw std::bad_alloc();
    return easy;
  }
  EasyHandle easy = std::move(idle_.back());
  idle_.pop_back();
  return easy;
}

void ClientLoop::give_back(EasyHandle easy) noexcept {
  curl_easy_reset(easy.get());  // forgets headers and tokens; connections belong to the multi handle
  if (idle_.capacity() == 0) {
    try {
      idle_.reserve(idle_easy_limit);
    } catch (const std::bad_alloc&) {
      return;
    }
  }
  if (idle_.size() < idle_.capacity()) idle_.push_back(std::move(easy));
}

void ClientLoop::add(CURL* easy, TransferOwner& owner) {
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &owner);
  if (curl_multi_add_handle(multi_, easy) != CURLM_OK) throw std::bad_alloc();
  owner.next_ = under_way_;
  if (under_way_ != nullptr) under_way_->link_ = &owner.next_;
  owner.link_ = &under_way_;
  under_way_ = &owner;
}

void ClientLoop::remove(CURL* easy, TransferOwner& owner) noexcept {
  if (owner.link_ == nullptr) return;
  owner.unlink();
  curl_multi_remove_handle(multi_, easy);
}

void TransferOwner::unlink() noexcept {
  if (link_ == nullptr) return;
  *link_ = next_;
  if (next_ != nullptr) next_->link_ = link_;
  next_ = nullptr;
  link_ = nullptr;
}

int ClientLoop::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept {
  auto& loop = *static_cast<ClientLoop*>(self);
  try {
    if (what == CURL_POLL_REMOVE) {
      loop.unwatch(socket);
    } else {
      loop.watch(socket, what);
    }
    return 0;
  } catch (...) {
    return -1;  // curl fails the transfers on this handle
  }
}

int ClientLoop::on_timer(CURLM*, long timeout_ms, void* self) noexcept {
  auto& loop = *static_cast<ClientLoop*>(self);
  try {
    if (timeout_ms < 0) {
      loop.alarm_->cancel();
    } else {
      loop.alarm_->set(std::chrono::milliseconds(timeout_ms));
    }
    return 0;
  } catch (...) {
    return -1;
  }
}

void ClientLoop::watch(curl_socket_t socket, int what) {
  std::shared_ptr<Watch>& watch = watches_[socket];
  if (!watch) watch = std::make_shared<Watch>(*this, socket);
  watch->want(what);
}

void ClientLoop::unwatch(curl_socket_t socket) noexcept {
  const auto found = watches_.find(socket);
  if (found == watches_.end()) return;
  found->second->end();
  watches_.erase(found);
}

void ClientLoop::act(curl_socket_t socket, int events) noexcept {
  int running = 0;
  curl_multi_socket_action(multi_, socket, events, &running);
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode result = message->data.result;
    CURL* const easy = message->easy_handle;
    TransferOwner* owner = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner);
    remove(easy, *owner);  // frees the message
    owner->finished(result);
  }
}

}  // namespace bailey::http::detail
