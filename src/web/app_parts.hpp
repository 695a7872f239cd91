#pragma once

#include <bailey/web/app.hpp>
#include "http/substitute.hpp"
#include "web/compile.hpp"
#include "web/docs/docs.hpp"
#include "web/error_body.hpp"
#include "web/http_metrics.hpp"
#include "web/lifespan.hpp"
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

class AppHandler final : public http::Handler, public http::Substitute {
 public:
  explicit AppHandler(web_detail::Pipeline pipeline) : pipeline_(std::move(pipeline)) {}

  Response refuse(int status, std::string_view detail, std::string_view target) override {
    if (pipeline_.error_format() == ErrorFormat::detail) return http::Handler::refuse(status, detail, target);
    return error_response(pipeline_.error_format(), status, detail, {});
  }

  http::Answer handle(http::Request& message) override { return pipeline_.handle(message); }
  Response answer_instead(http::Request& message) override { return pipeline_.answer_instead(message); }
  std::unique_ptr<http::Attachment> attach() override { return std::make_unique<Request>(); }

 private:
  const web_detail::Pipeline pipeline_;
};

}  // namespace web_detail

struct App::Parts {
  AppOptions options;
  web_detail::AppParts app;
  std::atomic<bool> draining = false;
  web_detail::Readiness readiness;
  Metrics metrics;
  std::shared_ptr<web_detail::HttpMetrics> http_metrics;  // shared with its middleware; null: nothing is counted
  std::vector<std::shared_ptr<const web_detail::Provider>> lifespans;
  std::unique_ptr<web_detail::Lifespans> lifespan;  // once started
  std::unique_ptr<web_detail::AppHandler> handler;
  std::vector<RouteInfo> routes;
  std::vector<std::function<void(json::object&)>> document_edits;
  web_detail::Docs docs;
};

}  // namespace bailey
