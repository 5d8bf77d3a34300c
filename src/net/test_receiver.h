// Another machine, for tests of what this node tells others: a real server on a free port of this one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "net/server.h"

namespace citiverse::net {

/// Takes POST /told.
class TestReceiver {
 public:
  struct Told {
    std::string body, content_type, link, tenant, key;
  };

  explicit TestReceiver(int status = 200) : status_(status) {
    Route route;
    route.pattern = "/told";
    route.method = Method::post;
    route.access = kOpenToAll;
    route.only_reads = true;  // It is asked by a machine, not by a page.
    route.body_bytes_max = kBodyBytesMax;
    route.body_media_types = "application/json, application/ld+json, application/geo+json";
    route.make = [this](const Call& call) { return take(call.request); };
    router_.add(std::move(route));
    ServerOptions options;
    options.port = 0;
    options.threads = 1;
    options.limits.requests_per_second = 0;
    server_.emplace(router_, metrics_, options);
    EXPECT_TRUE(server_->start());
  }
  ~TestReceiver() {
    set_hanging(false);
    server_->stop();
    server_->wait();
  }
  TestReceiver(const TestReceiver&) = delete;
  TestReceiver& operator=(const TestReceiver&) = delete;

  std::string url() const { return fmt::format("http://127.0.0.1:{}/told", server_->port()); }
  std::string authority() const { return fmt::format("127.0.0.1:{}", server_->port()); }
  std::vector<Told> told() const {
    const std::lock_guard lock(mutex_);
    return told_;
  }
  std::vector<std::string> bodies() const {
    std::vector<std::string> all;
    for (const Told& each : told()) all.push_back(each.body);
    return all;
  }
  /// What came, once it is so many; empty when that does not happen.
  std::vector<Told> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    const bool came = changed_.wait_for(lock, std::chrono::seconds(120), [&] { return told_.size() >= count; });
    return came ? told_ : std::vector<Told>();
  }
  void set_status(int status) {
    const std::lock_guard lock(mutex_);
    status_ = status;
  }
  void set_hanging(bool hangs) {
    const std::lock_guard lock(mutex_);
    hangs_ = hangs;
    changed_.notify_all();
  }
  std::uint64_t connections() const { return metrics_.connections_accepted; }

 private:
  Reply take(const Request& request) {
    std::unique_lock lock(mutex_);
    told_.push_back({std::string(request.body), std::string(request.content_type), std::string(request.field("Link")),
                     std::string(request.field("NGSILD-Tenant")), std::string(request.field("X-Key"))});
    changed_.notify_all();
    changed_.wait(lock, [this] { return !hangs_; });
    Reply reply{.status = status_};
    if (status_ == 302) reply.fields = "Location: /told\r\n";
    return reply;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int status_;
  bool hangs_ = false;
  std::vector<Told> told_;
  Router router_;
  Metrics metrics_;
  std::optional<Server> server_;
};

}  // namespace citiverse::net
