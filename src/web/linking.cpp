#include "web/linking.hpp"

#include <bailey/web/dependency.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace bailey::web_detail {
namespace {

class Linker {
 public:
  Linker(CompiledRoute& route, std::span<const std::shared_ptr<const Provider>> first) : route_(route), first_(first) {}

  void add(const std::shared_ptr<const Provider>& provider) { step(provider); }

  // `asker`: "its handler", "the Tenant that it takes".
  [[nodiscard]] std::vector<void*> objects_for(std::span<const Need> needs, const std::string& asker,
                                               const Provider* asking) {
    std::vector<void*> objects;
    for (const Need& need : needs) objects.push_back(object_for(need, asker, asking));
    return objects;
  }

  // Of an endpoint that chooses, when the steps are in order: which of them each need leads to, and which are not its
  // choice.
  void choose(std::span<const Dependency> dependencies) {
    route_.always.assign(route_.steps.size(), false);
    for (const Dependency& each : dependencies) mark(*each.provider(), route_.always);
    for (const Need& need : route_.endpoint->needs()) {
      std::vector<bool>& steps = route_.steps_of_needs.emplace_back(route_.steps.size(), false);
      mark(*find(need), steps);
    }
    route_.chosen = std::make_unique<const ChosenSteps>(route_);
    route_.call.chosen = route_.chosen.get();
  }

  // Those that read the body, and those that need one of them, come behind the others, in the order they had.
  void order() {
    std::vector<Step> early;
    std::vector<Step> late;
    for (Step& each : route_.steps) (needs_body(*each.provider) ? late : early).push_back(std::move(each));
    route_.steps_before_body = early.size();
    route_.steps = std::move(early);
    std::ranges::move(late, std::back_inserter(route_.steps));
  }

 private:
  [[nodiscard]] std::shared_ptr<const Provider> find(const Need& need) const {
    const auto provides = [&](const auto& each) { return each->key() == need.key; };
    for (const auto& each : first_)
      if (provides(each)) return each;
    const auto found = std::ranges::find_if(route_.providers, provides);
    return found == route_.providers.end() ? nullptr : *found;
  }

  [[nodiscard]] void* object_for(const Need& need, const std::string& asker, const Provider* asking) {
    const std::string type(need.type);
    const std::shared_ptr<const Provider> provider = find(need);
    if (!provider) {
      route_.info.refuse(asker + " takes " + type + ", which nothing provides: write Json<" + type +
                         "> for the body, or app.provide([](…) -> " + type + " { … })");
    }
    if (provider->kind() == Provider::Kind::shared) {
      if (need.access == Need::Access::change && !provider->is_mutable()) {
        route_.info.refuse(asker + " takes " + type + "& but all requests share it, on all threads: take `const " +
                           type + "&`, or provide std::ref(…) of one that threads may share");
      }
      return provider->object();
    }
    if (asking == nullptr && route_.endpoint->streams_answer()) require_lasting(need, *provider);
    if (asking != nullptr && asking->kind() == Provider::Kind::open_in_request && need.access != Need::Access::copy) {
      route_.info.refuse(asker + " takes " + type +
                         " by reference, but it outlives the request, with which that ends: "
                         "take it by value");
    }
    step(provider);  // before the next: a circle is refused here
    if (asking == nullptr ? route_.endpoint->streams_answer() : asking->kind() == Provider::Kind::open_in_request)
      require_own(*provider, asker);
    return nullptr;
  }

  // For who outlives the request and has taken a copy of what was made for it: the copy may still look into what it was
  // made of, unless its type shows that it does not.
  void require_own(const Provider& made, const std::string& asker) const {
    if (!made.may_look_elsewhere()) return;
    const std::string type(made.type());
    const std::string beginning = asker + " may outlive the request, and takes " + type + ", which is made of ";
    const std::string end = "make " + type + " a plain struct of what it needs of it";
    if (made.is_made_of_request()) route_.info.refuse(beginning + "the request and may look into it: " + end);
    for (const Need& need : made.needs()) {
      const auto of = find(need);
      const std::string source(need.type);
      if (of->kind() == Provider::Kind::open_in_handler) {
        route_.info.refuse(beginning + source + " and may look into it when it is closed: provide " + source +
                           " by a Yield<" + source + ", Lifetime::request>, or " + end);
      }
      if (of->kind() != Provider::Kind::made) continue;
      if (need.access != Need::Access::copy) {
        route_.info.refuse(beginning + source + " and may look into it: let what provides " + type + " take " + source +
                           " by value, or " + end);
      }
      require_own(*of, asker);
    }
  }

  // For a handler that goes on after its answer has begun, and may outlive the request.
  void require_lasting(const Need& need, const Provider& provider) const {
    const std::string type(need.type);
    if (provider.kind() == Provider::Kind::open_in_handler) {
      route_.info.refuse("its handler streams its answer and takes " + type +
                         ", which is closed before the first byte "
                         "is sent: provide it by a Yield<" +
                         type + ", Lifetime::request>");
    }
    if (provider.kind() == Provider::Kind::made && need.access != Need::Access::copy) {
      route_.info.refuse("its handler streams its answer, so that it may outlive the request, and takes " + type +
                         " by reference, which ends with it: take it by value");
    }
  }

  void step(const std::shared_ptr<const Provider>& provider) {
    if (std::ranges::find(route_.steps, provider, &Step::provider) != route_.steps.end()) return;
    if (std::ranges::find(open_, provider.get()) != open_.end()) {
      route_.info.refuse("the " + std::string(provider->type()) + " that it takes needs itself");
    }
    open_.push_back(provider.get());
    const std::string asker =
        provider->key() == nullptr ? "a dependency of it" : "the " + std::string(provider->type()) + " that it takes";
    std::vector<void*> shared = objects_for(provider->needs(), asker, provider.get());
    open_.pop_back();
    provider->describe(route_.info);
    if (provider->key() != nullptr) route_.info.dependencies.push_back(provider->type());
    route_.steps.push_back({provider, std::move(shared)});
  }

  // The provider's step and all that it needs.
  void mark(const Provider& provider, std::vector<bool>& steps) const {
    const auto at = std::ranges::find(route_.steps, &provider, [](const Step& step) { return step.provider.get(); });
    if (at == route_.steps.end()) return;  // all requests share it
    steps[static_cast<std::size_t>(at - route_.steps.begin())] = true;
    for (const Need& need : provider.needs()) mark(*find(need), steps);
  }

  [[nodiscard]] bool needs_body(const Provider& provider) const {
    if (provider.reads_body() || provider.reads_form()) return true;
    return std::ranges::any_of(provider.needs(), [this](const Need& need) {
      const auto needed = find(need);
      return needed && needs_body(*needed);
    });
  }

  CompiledRoute& route_;
  std::span<const std::shared_ptr<const Provider>> first_;
  std::vector<const Provider*> open_;  // being linked
};

}  // namespace

void link(CompiledRoute& route, std::span<const Dependency> dependencies,
          std::span<const std::shared_ptr<const Provider>> first) {
  Linker linker(route, first);
  for (const Dependency& each : dependencies) linker.add(each.provider());
  route.shared = linker.objects_for(route.endpoint->needs(), "its handler", nullptr);
  linker.order();
  const auto reads = [&](const auto of) {
    return std::ranges::any_of(route.steps, [&](const Step& each) { return ((*each.provider).*of)(); });
  };
  route.reads_form = route.endpoint->reads_form() || reads(&Provider::reads_form);
  if (route.info.is_web_socket && (route.reads_form || reads(&Provider::reads_body)))
    route.info.refuse("a dependency of it reads a body, and the handshake of a WebSocket has none");
  if (route.info.is_body_streamed && (route.reads_form || reads(&Provider::reads_body)))
    route.info.refuse("it reads its body as it arrives and otherwise, too, in its dependencies");
  if (route.reads_form && reads(&Provider::reads_body))
    route.info.refuse("it reads its body as a form and otherwise, too, in its dependencies");
  route.call = {.status = route.info.status, .body_limit_bytes = route.info.body_limit_bytes, .shared = route.shared};
  if (route.endpoint->chooses_dependencies()) linker.choose(dependencies);
}

}  // namespace bailey::web_detail
