#include <bailey/http/web_socket_hub.hpp>

#include <list>
#include <map>
#include <mutex>
#include <utility>

namespace bailey::http {

// A topic is there as long as somebody is in it: their names are strangers' as a rule.
struct WebSocketHub::Topics {
  using Members = std::list<WebSocket>;
  std::mutex mutex;
  std::map<std::string, Members, std::less<>> topics;
};

struct WebSocketHub::Membership::Place {
  std::shared_ptr<Topics> topics;
  decltype(Topics::topics)::iterator topic;
  Topics::Members::iterator member;
};

WebSocketHub::Membership::Membership(std::unique_ptr<Place> place) noexcept : place_(std::move(place)) {}
WebSocketHub::Membership::Membership(Membership&&) noexcept = default;

WebSocketHub::Membership::~Membership() {
  if (!place_) return;
  const std::lock_guard lock(place_->topics->mutex);
  place_->topic->second.erase(place_->member);
  if (place_->topic->second.empty()) place_->topics->topics.erase(place_->topic);
}

WebSocketHub::WebSocketHub() : topics_(std::make_shared<Topics>()) {}

WebSocketHub::Membership WebSocketHub::join(std::string topic, WebSocket socket) const {
  auto place = std::make_unique<Membership::Place>();
  place->topics = topics_;
  const std::lock_guard lock(topics_->mutex);
  place->topic = topics_->topics.try_emplace(std::move(topic)).first;
  Topics::Members& members = place->topic->second;
  place->member = members.insert(members.end(), std::move(socket));
  return Membership(std::move(place));
}

std::size_t WebSocketHub::send(std::string_view topic, std::string_view text) const {
  std::size_t count = 0;
  const std::lock_guard lock(topics_->mutex);
  const auto found = topics_->topics.find(topic);
  if (found == topics_->topics.end()) return 0;
  for (const WebSocket& each : found->second)
    if (each.try_send({.data = std::string(text)})) ++count;
  return count;
}

std::size_t WebSocketHub::size(std::string_view topic) const {
  const std::lock_guard lock(topics_->mutex);
  const auto found = topics_->topics.find(topic);
  return found == topics_->topics.end() ? 0 : found->second.size();
}

}  // namespace bailey::http
