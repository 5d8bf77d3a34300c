// What one browser has yet to be told: of each thing only the newest, however long it took nothing.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "api/live/live_hub.h"
#include "net/event_stream.h"

namespace citiverse::api {

/// Tells `change` events of LiveNews (protocol/openapi.yaml). When more things changed than may wait, what waited is dropped
/// and `lost` is told: the reader asks again.
class LiveStream : public net::EventStream {
 public:
  LiveStream(LiveHub& hub, LiveInterest interest) : hub_(hub), interest_(std::move(interest)) {}

  const LiveInterest& interest() const { return interest_; }
  void set_id(twin::InterestId id) { id_ = id; }
  /// What was there before the first change; does not replace what a change said meanwhile.
  void offer_first(const twin::EntityPtr& entity);
  void offer(const twin::Change& change);

  void take(std::string& out) override;
  void ended() override { hub_.close(id_); }

 private:
  bool is_wanted(const twin::Entity& entity) const;
  void keep(const std::string& id, twin::EntityPtr entity, bool replaces);

  LiveHub& hub_;
  const LiveInterest interest_;
  twin::InterestId id_ = 0;
  std::mutex mutex_;
  std::map<std::string, twin::EntityPtr> waiting_;  // Null: it is gone, or out of sight.
  bool has_lost_ = false;
};

}  // namespace citiverse::api
