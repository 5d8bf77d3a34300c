// A feed that is complete is compared with what it said before: what it leaves out is gone.
#include "api/feeds/polled_feeds.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "api/feeds/built_in_rules.h"
#include "base/log.h"
#include "formats/gtfs_realtime.h"
#include "net/http_client.h"
#include "twin/moment.h"

namespace citiverse::api::feeds {
namespace {

using base::ErrorCode;
using base::Result;
using std::chrono::seconds;
using twin::EntityPtr;

constexpr int kWriteAttempts = 20;
constexpr std::chrono::milliseconds kWritePause{100};
constexpr std::size_t kWritesAtOnce = 5'000;

// Writes, and waits while the store has no room.
Result<std::size_t> write_patiently(const TwinApi& twin, std::span<const twin::Write> writes) {
  std::size_t failed = 0;
  for (std::size_t at = 0; at < writes.size(); at += kWritesAtOnce) {
    const auto part = writes.subspan(at, std::min(kWritesAtOnce, writes.size() - at));
    auto written = twin.store.write(twin::kDefaultTenant, part);
    for (int i = 0; !written && written.error().code == ErrorCode::limit && i < kWriteAttempts; ++i) {
      std::this_thread::sleep_for(kWritePause);
      written = twin.store.write(twin::kDefaultTenant, part);
    }
    if (!written) return std::unexpected(written.error());
    failed += static_cast<std::size_t>(std::ranges::count_if(*written, [](const auto& each) { return !each; }));
  }
  return failed;
}

// One rule over one address, and what it has put into the twin.
class FeedPart {
 public:
  FeedPart(Feeds& feeds, Rule rule) : feeds_(feeds), rule_(std::move(rule)) {}

  Result<void> take(std::string_view payload, bool is_whole = true) {
    feeds_.figures().messages.fetch_add(1, std::memory_order_relaxed);
    auto intake = feeds_.mapper().map(rule_, payload, {}, feeds_.twin().store.now_us());
    if (!intake) {
      feeds_.figures().messages_refused.fetch_add(1, std::memory_order_relaxed);
      return std::unexpected(intake.error());
    }
    feeds_.figures().refused.fetch_add(intake->refused, std::memory_order_relaxed);
    if (!intake->problems.empty()) feeds_.tell(rule_.name, intake->problems.front().reason);
    std::set<std::string> ids;
    for (const twin::Report& each : intake->reports) ids.insert(each.id);
    const twin::ReportWrites writes(std::move(intake->reports), feeds_.twin().store.now_us());
    const auto failed = write_patiently(feeds_.twin(), writes.writes());
    if (!failed) return std::unexpected(failed.error());
    feeds_.figures().taken.fetch_add(writes.size() - std::min(*failed, writes.size()), std::memory_order_relaxed);
    if (rule_.is_complete && is_whole) return forget_others(std::move(ids));
    known_.merge(ids);
    return {};
  }

  // What has not been heard of for too long.
  Result<void> forget_expired() {
    const twin::TimeUs now_us = feeds_.twin().store.now_us();
    std::vector<std::string> gone;
    for (const std::string& id : known_) {
      const EntityPtr entity = feeds_.twin().store.find(twin::kDefaultTenant, id);
      if (entity == nullptr || (entity->expires_us != twin::kNoTime && entity->expires_us <= now_us)) gone.push_back(id);
    }
    return forget(gone);
  }

 private:
  // After a restart the twin holds what was told before it.
  void recognise() {
    if (is_recognised_) return;
    is_recognised_ = true;
    twin::Narrowing narrowing;
    if (const auto type = rule_.type.fixed_text()) narrowing.types = {feeds_.twin().store.names().intern(expanded_name(*type))};
    const std::string_view beginning = rule_.id.fixed_beginning();
    feeds_.twin().store.scan(twin::kDefaultTenant, narrowing, 0, [&](twin::Slot, const EntityPtr& entity) {
      if (entity->id.starts_with(beginning)) known_.insert(entity->id);
      return true;
    });
  }

  Result<void> forget_others(std::set<std::string> ids) {
    recognise();
    std::vector<std::string> gone;
    std::ranges::set_difference(known_, ids, std::back_inserter(gone));
    known_.merge(ids);
    return forget(gone);
  }

  Result<void> forget(const std::vector<std::string>& gone) {
    std::vector<twin::Write> writes;
    for (const std::string& id : gone) writes.push_back({id, [](const EntityPtr&) { return EntityPtr(); }});
    const auto failed = write_patiently(feeds_.twin(), writes);
    if (!failed) return std::unexpected(failed.error());
    for (const std::string& id : gone) known_.erase(id);
    return {};
  }

  Feeds& feeds_;
  Rule rule_;
  std::set<std::string> known_;
  bool is_recognised_ = false;
};

class UrlFeed : public PolledFeed {
 public:
  UrlFeed(Feeds& feeds, const Rule& rule, FetchFeed fetch)
      : name_(rule.name), from_(std::get<FromUrl>(rule.from)), part_(feeds, rule), fetch_(std::move(fetch)) {}

  std::string_view name() const override { return name_; }
  seconds usual_pause() const override { return seconds(from_.every_s); }
  Result<seconds> poll() override {
    const auto bytes = fetch_(from_.url);
    const auto taken = bytes ? part_.take(*bytes) : Result<void>(std::unexpected(bytes.error()));
    if (const auto swept = part_.forget_expired(); !swept) return std::unexpected(swept.error());
    if (!taken) return std::unexpected(taken.error());
    return usual_pause();
  }

 private:
  std::string name_;
  FromUrl from_;
  FeedPart part_;
  FetchFeed fetch_;
};

class GtfsPolled : public PolledFeed {
 public:
  GtfsPolled(Feeds& feeds, const GtfsFeed& feed, FetchFeed fetch) : feeds_(feeds), feed_(feed), fetch_(std::move(fetch)) {
    for (Rule& rule : gtfs_rules(feed, feeds.twin().store.names())) parts_.emplace_back(feeds, std::move(rule));
  }

  std::string_view name() const override { return feed_.name; }
  seconds usual_pause() const override { return seconds(feed_.every_s); }
  Result<seconds> poll() override {
    const auto taken = take();
    for (FeedPart& each : parts_)
      if (const auto swept = each.forget_expired(); !swept) return std::unexpected(swept.error());
    if (!taken) return std::unexpected(taken.error());
    return usual_pause();
  }

 private:
  Result<void> take() {
    const auto bytes = fetch_(feed_.url);
    if (!bytes) return std::unexpected(bytes.error());
    const auto json = formats::gtfs_realtime_json(*bytes);
    if (!json) return std::unexpected(json.error());
    const auto document = base::JsonDocument::parse(*json, 32);
    if (!document) return std::unexpected(document.error());
    const base::JsonValue header = document->root().find("header");
    const std::int64_t told_s = header.find("timestamp").integer().value_or(0);
    const std::int64_t age_s = feeds_.twin().store.now_us() / 1'000'000 - told_s;
    if (told_s > 0 && age_s > kGtfsStaleSeconds)
      return base::fail(ErrorCode::unavailable,
                        fmt::format("the feed has not changed for {} minutes; its sender is stuck", age_s / 60));
    const bool is_whole = header.find("incrementality").text().value_or("") != "DIFFERENTIAL";
    for (FeedPart& each : parts_)
      if (auto taken = each.take(*json, is_whole); !taken) return taken;
    return {};
  }

  Feeds& feeds_;
  GtfsFeed feed_;
  FetchFeed fetch_;
  std::vector<FeedPart> parts_;
};

// Source: gbfs.org/documentation/reference, gbfs.json: by language up to 2.3, one list in 3.0.
class GbfsPolled : public PolledFeed {
 public:
  GbfsPolled(Feeds& feeds, const GbfsFeed& feed, FetchFeed fetch) : feed_(feed), fetch_(std::move(fetch)) {
    for (GbfsRule& each : gbfs_rules(feed, feeds.twin().store.names()))
      parts_.push_back({each.part, FeedPart(feeds, std::move(each.rule))});
  }

  std::string_view name() const override { return feed_.name; }
  seconds usual_pause() const override { return pause_; }
  Result<seconds> poll() override {
    const auto taken = take();
    for (Part& each : parts_)
      if (const auto swept = each.part.forget_expired(); !swept) return std::unexpected(swept.error());
    if (!taken) return std::unexpected(taken.error());
    return pause_;
  }

 private:
  struct Part {
    std::string_view name;
    FeedPart part;
  };

  static base::JsonValue list_of(base::JsonValue data) {
    const base::JsonValue list = data.find("feeds");
    return list.is_absent() && data.size() > 0 ? data.member(0).second.find("feeds") : list;
  }

  Result<void> take() {
    const auto bytes = fetch_(feed_.url);
    if (!bytes) return std::unexpected(bytes.error());
    const auto document = base::JsonDocument::parse(*bytes, 32);
    if (!document) return std::unexpected(document.error());
    const base::JsonValue list = list_of(document->root().find("data"));
    if (!list.is_array()) return base::fail(ErrorCode::bad_input, "no gbfs.json: data.feeds is missing");
    seconds least = kGbfsPauseMost;
    for (Part& part : parts_) {
      for (std::size_t i = 0; i < list.size(); ++i) {
        if (list[i].find("name").text() != part.name) continue;
        const auto pause = take_part(part, std::string(list[i].find("url").text().value_or("")));
        if (!pause) return std::unexpected(pause.error());
        least = std::min(least, *pause);
        break;
      }
    }
    pause_ = std::clamp(least, kGbfsPauseLeast, kGbfsPauseMost);
    return {};
  }

  // Gives its ttl.
  Result<seconds> take_part(Part& part, const std::string& url) {
    const auto bytes = fetch_(url);
    if (!bytes) return std::unexpected(bytes.error());
    const auto document = base::JsonDocument::parse(*bytes, 32);
    if (!document) return std::unexpected(document.error());
    if (auto taken = part.part.take(*bytes); !taken) return std::unexpected(taken.error());
    const bool changes_fast = part.name != "station_information";
    return changes_fast ? seconds(std::clamp<std::int64_t>(document->root().find("ttl").integer().value_or(60), 0, 3'600))
                        : kGbfsPauseMost;
  }

  GbfsFeed feed_;
  FetchFeed fetch_;
  std::vector<Part> parts_;
  seconds pause_{60};
};

}  // namespace

FetchFeed fetch_feed_by_http(const Mapping& mapping) {
  const auto client = std::make_shared<const net::HttpClient>(net::OutgoingPolicy{
      .trusted_hosts = mapping.trusted_hosts, .time_max = std::chrono::seconds(20), .answer_bytes_max = kFeedBytesMax});
  return [client](std::string_view url) -> Result<std::string> {
    auto answer = client->send({.url = std::string(url), .accept = "*/*"});
    if (!answer) return std::unexpected(answer.error());
    if (answer->status != 200)
      return base::fail(ErrorCode::unavailable, fmt::format("its host answers with status {}", answer->status));
    return std::move(answer->body);
  };
}

std::vector<std::unique_ptr<PolledFeed>> polled_feeds_of(Feeds& feeds, const FetchFeed& fetch) {
  std::vector<std::unique_ptr<PolledFeed>> polled;
  for (const Rule& rule : feeds.mapping().rules)
    if (std::holds_alternative<FromUrl>(rule.from)) polled.push_back(std::make_unique<UrlFeed>(feeds, rule, fetch));
  for (const GtfsFeed& feed : feeds.mapping().gtfs) polled.push_back(std::make_unique<GtfsPolled>(feeds, feed, fetch));
  for (const GbfsFeed& feed : feeds.mapping().gbfs) polled.push_back(std::make_unique<GbfsPolled>(feeds, feed, fetch));
  return polled;
}

Poller::Poller(Feeds& feeds, std::vector<std::unique_ptr<PolledFeed>> polled) : feeds_(feeds) {
  for (auto& each : polled) slots_.push_back({std::move(each), std::chrono::steady_clock::now()});
}

Poller::~Poller() {
  for (std::jthread& each : threads_) each.request_stop();
}

void Poller::start() {
  for (std::size_t i = 0; i < std::min(kPollThreads, slots_.size()); ++i)
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

void Poller::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    Slot* next = nullptr;
    for (Slot& each : slots_)
      if (!each.is_busy && (next == nullptr || each.due < next->due)) next = &each;
    if (next == nullptr) {
      changed_.wait(lock, stop, [&] { return std::ranges::any_of(slots_, [](const Slot& each) { return !each.is_busy; }); });
      continue;
    }
    if (next->due > std::chrono::steady_clock::now()) {
      const auto due = next->due;
      changed_.wait_until(lock, stop, due, [] { return false; });
      continue;
    }
    next->is_busy = true;
    lock.unlock();
    poll(*next);
    lock.lock();
    next->is_busy = false;
    changed_.notify_all();
  }
}

void Poller::poll(Slot& slot) {
  const auto pause = slot.feed->poll();
  if (pause) {
    slot.pause = seconds(0);
    slot.due = std::chrono::steady_clock::now() + *pause;
    return;
  }
  feeds_.figures().fetches_failed.fetch_add(1, std::memory_order_relaxed);
  slot.pause = std::min(std::max(slot.pause * 2, slot.feed->usual_pause()), std::max(kPollPauseMost, slot.feed->usual_pause()));
  slot.due = std::chrono::steady_clock::now() + slot.pause;
  base::log(
      base::LogLevel::warning, "feed_failed",
      {{"feed", slot.feed->name()}, {"reason", std::string_view(pause.error().message)}, {"again_in_s", slot.pause.count()}});
}

}  // namespace citiverse::api::feeds
