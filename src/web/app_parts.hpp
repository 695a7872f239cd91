#pragma once

#include <bailey/web/app.hpp>
#include "http/substitute.hpp"
#include "web/compile.hpp"
#include "web/docs/docs.hpp"
#include "web/error_body.hpp"
#include "web/http_metrics.hpp"
#include "web/lifespan.hpp"
#include "web/mount.hpp"
#include "web/pipeline.hpp"
#include "web/readiness.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailey {

namespace web_detail {

// Another app that answers below a prefix.
struct Mounted {
  std::shared_ptr<MountEndpoint> endpoint;
  App* app = nullptr;
};

class AppHandler final : public http::Handler, public http::Substitute {
 public:
  AppHandler(Pipeline pipeline, RefusalHandler on_refusal, std::vector<Mounted> mounts)
      : pipeline_(std::move(pipeline)), on_refusal_(std::move(on_refusal)), mounts_(std::move(mounts)) {}

  Response refuse(int status, std::string_view detail, std::string_view target) override;
  // The same of a target without the root path.
  [[nodiscard]] Response refuse_below_root(int status, std::string_view detail, std::string_view target) const;

  http::Answer handle(http::Request& message) override { return pipeline_.handle(message); }
  Response answer_instead(http::Request& message) override {
    return pipeline_.answer_instead(static_cast<Request&>(*message.attachment()));
  }
  std::unique_ptr<http::Attachment> attach() override { return std::make_unique<Request>(); }

  [[nodiscard]] const Pipeline& pipeline() const noexcept { return pipeline_; }

 private:
  [[nodiscard]] Response usual_refusal(int status, std::string_view detail, std::string_view target) const;

  const Pipeline pipeline_;
  const RefusalHandler on_refusal_;
  const std::vector<Mounted> mounts_;
};

}  // namespace web_detail

struct App::Parts {
  AppOptions options;
  web_detail::AppParts app;
  std::atomic<bool> draining = false;
  web_detail::Readiness readiness;
  Metrics metrics;
  std::shared_ptr<web_detail::HttpMetrics> http_metrics;  // shared with its middleware; null: nothing is counted
  std::vector<web_detail::Mounted> mounts;
  web_detail::RefusalHandler on_refusal;  // empty: none
  std::vector<std::shared_ptr<const web_detail::Provider>> lifespans;
  std::unique_ptr<web_detail::Lifespans> lifespan;  // once started
  std::unique_ptr<web_detail::AppHandler> handler;
  std::vector<RouteInfo> routes;
  std::vector<std::function<void(json::object&)>> document_edits;
  web_detail::Docs docs;
};

}  // namespace bailey
