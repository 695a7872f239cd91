// Who has written an entry of these headers is told by its place: the peer the last one, the proxy that the last one
// names the one before, and so on while they are trusted. That distance from the right, `hops`, is what the lists have
// in common.
//
// A stranger's part of a header is never looked at: it stands left of the first address that is not trusted. That a
// header that we do not look at may be all the stranger's is what the options are for.
#include <bailey/web/proxy_headers.hpp>

#include <bailey/base/ascii.hpp>
#include <bailey/base/error.hpp>
#include <bailey/web/error.hpp>
#include "http/host.hpp"
#include "web/forwarded.hpp"
#include "web/ip_network.hpp"
#include "web/served_document.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace bailey {

namespace {

using web_detail::ForwardedElement;
using web_detail::IpAddress;
using web_detail::IpNetwork;

using Entries = std::vector<std::string_view>;

// The members of a list that may stand in several fields.
Entries entries_of(const http::Request& message, std::string_view name) {
  Entries entries;
  message.for_each_header([&](std::string_view field, std::string_view value) {
    if (!http::equal_ignoring_case(field, name)) return;
    for (std::size_t end = 0; end != std::string_view::npos;) {
      end = value.find(',');
      if (const std::string_view entry = ascii::trim(value.substr(0, end)); !entry.empty()) entries.push_back(entry);
      if (end != std::string_view::npos) value.remove_prefix(end + 1);
    }
  });
  return entries;
}

// What the proxy so many hops away wrote. One that replaces what it was sent, rather than adding to it, leaves a single
// entry.
std::string_view entry_at(const Entries& entries, std::size_t hops) {
  if (entries.empty()) return {};
  return entries[hops < entries.size() ? entries.size() - 1 - hops : entries.size() - 1];
}

std::string scheme_of(std::string_view text) {
  std::string scheme = ascii::to_lower(text);
  if (scheme == "wss") return "https";
  if (scheme == "ws") return "http";
  return scheme == "https" || scheme == "http" ? scheme : std::string();
}

[[noreturn]] void refuse(std::string_view header) { throw HttpError(400, "Malformed " + std::string(header)); }

class Proxies {
 public:
  explicit Proxies(ProxyHeadersOptions options) : options_(std::move(options)) {
    for (const std::string& text : options_.trusted) {
      const std::optional<IpNetwork> network = IpNetwork::parse(text);
      if (!network) {
        throw Error("invalid_proxy", "proxy_headers: \"" + text +
                                         "\" is no address and no network, such as \"10.0.0.0/8\" or \"2001:db8::7\"");
      }
      networks_.push_back(*network);
    }
  }

  void apply(Request& request) const {
    const std::optional<IpAddress> peer = IpAddress::parse(request.http().remote_address());
    if (!peer || !is_trusted(*peer)) return;
    request.set_forwarded(options_.syntax == ProxyHeadersOptions::Syntax::forwarded
                              ? by_forwarded(request.http(), *peer)
                              : by_x_forwarded(request.http(), *peer));
  }

 private:
  struct Client {
    IpAddress address;
    std::size_t hops = 0;  // 0: the peer speaks of it
  };

  [[nodiscard]] bool is_trusted(const IpAddress& address) const { return web_detail::contains(networks_, address); }

  template <class NodeAt>
  [[nodiscard]] Client find_client(IpAddress peer, std::size_t count, NodeAt node_at) const {
    Client client{peer};
    for (std::size_t hops = 0; hops < count; ++hops) {
      const std::optional<IpAddress> next = IpAddress::parse_node(node_at(count - 1 - hops));
      client.hops = hops;
      if (!next) break;
      client.address = *next;
      if (!is_trusted(*next)) break;
    }
    return client;
  }

  [[nodiscard]] Forwarded by_x_forwarded(const http::Request& message, const IpAddress& peer) const {
    const Entries nodes = entries_of(message, "x-forwarded-for");
    const Client client = find_client(peer, nodes.size(), [&](std::size_t at) { return nodes[at]; });
    Forwarded forwarded{.client_address = client.address.to_string(),
                        .scheme = scheme_of(entry_at(entries_of(message, "x-forwarded-proto"), client.hops))};
    if (options_.host) {
      forwarded.host = entry_at(entries_of(message, "x-forwarded-host"), client.hops);
      if (!forwarded.host.empty() && !http::is_host(forwarded.host)) refuse("X-Forwarded-Host");
    }
    if (options_.prefix) forwarded.root_path = prefix_of(message);
    return forwarded;
  }

  [[nodiscard]] Forwarded by_forwarded(const http::Request& message, const IpAddress& peer) const {
    std::vector<ForwardedElement> elements;
    message.for_each_header([&](std::string_view field, std::string_view value) {
      if (http::equal_ignoring_case(field, "forwarded") && !web_detail::read_forwarded(value, elements))
        refuse("Forwarded");
    });
    const Client client =
        find_client(peer, elements.size(), [&](std::size_t at) -> std::string_view { return elements[at].node; });
    Forwarded forwarded{.client_address = client.address.to_string()};
    if (options_.prefix) forwarded.root_path = prefix_of(message);
    if (elements.empty()) return forwarded;
    ForwardedElement& said = elements[elements.size() - 1 - client.hops];
    forwarded.scheme = scheme_of(said.proto);
    if (!said.host.empty() && !http::is_host(said.host)) refuse("Forwarded");
    forwarded.host = std::move(said.host);
    return forwarded;
  }

  // A prefix and nothing else: what is not one would end up in links and in the API's document.
  [[nodiscard]] static std::string prefix_of(const http::Request& message) {
    std::string_view prefix = message.header("x-forwarded-prefix").value_or(std::string_view());
    while (prefix.ends_with('/')) prefix.remove_suffix(1);
    if (prefix.empty()) return {};
    if (message.header_count("x-forwarded-prefix") > 1 || !web_detail::is_root_path(prefix))
      refuse("X-Forwarded-Prefix");
    return std::string(prefix);
  }

  ProxyHeadersOptions options_;
  std::vector<IpNetwork> networks_;
};

}  // namespace

Middleware proxy_headers(ProxyHeadersOptions options) {
  const auto proxies = std::make_shared<const Proxies>(std::move(options));
  return {.name = "proxy_headers", .before = [proxies](Request& request) -> Before {
            proxies->apply(request);
            return Pass{};
          }};
}

}  // namespace bailey
