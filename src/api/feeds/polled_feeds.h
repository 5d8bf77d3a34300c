// Feeds that this node asks for again and again: addresses and files of a mapping, GTFS-Realtime, GBFS.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "api/feeds/feeds.h"
#include "base/result.h"

namespace citiverse::api::feeds {

inline constexpr std::size_t kFeedBytesMax = 32 << 20;        ///< One answer.
inline constexpr std::size_t kPollThreads = 4;                ///< One feed that hangs holds up a quarter.
inline constexpr std::int64_t kGtfsStaleSeconds = 900;        ///< An older feed of GTFS-Realtime says nothing of now.
inline constexpr std::chrono::seconds kPollPauseMost{3'600};  ///< Between attempts at a feed that fails.
inline constexpr std::chrono::seconds kGbfsPauseLeast{10};
inline constexpr std::chrono::seconds kGbfsPauseMost{3'600};

/// Gives the bytes of an address. Fails as net::HttpClient does, and unavailable for any status but 200.
using FetchFeed = std::function<base::Result<std::string>(std::string_view url)>;
/// By the node's own client: https and public addresses, or hosts that the mapping trusts; no redirections.
FetchFeed fetch_feed_by_http(const Mapping& mapping);

/// One feed: what a poll does, and what of it is in the twin. One thread at a time.
class PolledFeed {
 public:
  virtual ~PolledFeed() = default;
  virtual std::string_view name() const = 0;
  /// When to ask again. Fails: nothing was used.
  virtual base::Result<std::chrono::seconds> poll() = 0;
  virtual std::chrono::seconds usual_pause() const = 0;
};

/// All feeds of a mapping. `feeds` must outlive them.
std::vector<std::unique_ptr<PolledFeed>> polled_feeds_of(Feeds& feeds, const FetchFeed& fetch);

/// Polls each feed when it is due, with a pause that doubles when it fails. Ends when destroyed, after the calls under way.
class Poller {
 public:
  Poller(Feeds& feeds, std::vector<std::unique_ptr<PolledFeed>> polled);
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  void start();

 private:
  struct Slot {
    std::unique_ptr<PolledFeed> feed;
    std::chrono::steady_clock::time_point due;
    std::chrono::seconds pause{0};  // After a failure; 0: none.
    bool is_busy = false;
  };
  void work(const std::stop_token& stop);
  void poll(Slot& slot);

  Feeds& feeds_;
  std::vector<Slot> slots_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::jthread> threads_;
};

}  // namespace citiverse::api::feeds
