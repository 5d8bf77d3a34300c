// Who looks at what lives: browsers that want to be told, and which things hang on which city object.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/live/live_json.h"
#include "base/result.h"
#include "net/event_stream.h"
#include "twin/interest_index.h"
#include "twin/store.h"

namespace citiverse::api {

inline constexpr std::size_t kLiveStreamsMax = 2'000;      ///< Browsers that are told, of one node.
inline constexpr std::size_t kLiveStreamItemsMax = 4'000;  ///< Things that wait to be told to one of them.
inline constexpr std::size_t kLiveListMax = 16;            ///< Types or ids that a browser names.
inline constexpr std::size_t kLiveScanMax = 20'000;        ///< Things looked at for one answer.

/// What somebody looks at; all that is set must hold.
struct LiveInterest {
  std::vector<std::string> types;  ///< Expanded.
  std::vector<std::string> ids;
  std::optional<twin::LonLatBox> box;
};

class LiveStream;

/// Listens to the default tenant of a store. Make it before the first write; it must outlive the server's connections.
/// Threads: safe.
class LiveHub {
 public:
  explicit LiveHub(twin::Store& store);

  /// A stream that first tells what is there (at most kLiveStreamItemsMax things), then each change. Fails: limit.
  base::Result<std::shared_ptr<net::EventStream>> open(LiveInterest interest);
  /// The things tied to a city object, by its id as text, in the order of their ids.
  std::vector<twin::EntityPtr> anchored_to(std::string_view object, std::size_t count_max) const;
  std::size_t streams() const;

  const twin::Store& store() const { return store_; }
  twin::NameId location() const { return location_; }
  twin::NameId anchor() const { return anchor_; }
  twin::Narrowing narrowing_of(const LiveInterest& interest) const;

 private:
  friend class LiveStream;
  void on_changes(std::span<const twin::Change> changes);
  void move_anchor(const twin::Change& change);
  void close(twin::InterestId id);

  twin::Store& store_;
  twin::NameId location_;
  twin::NameId anchor_;

  mutable std::mutex streams_mutex_;
  twin::InterestIndex interests_;
  std::unordered_map<twin::InterestId, std::weak_ptr<LiveStream>> streams_;
  twin::InterestId next_id_ = 1;

  mutable std::shared_mutex anchors_mutex_;
  std::unordered_map<std::string, std::vector<std::string>> ids_by_anchor_;  // Sorted ids.
};

}  // namespace citiverse::api
