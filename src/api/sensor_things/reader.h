// Entities of SensorThings' model by set, by id and by what leads to them, read from the store and from history.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "api/sensor_things/items.h"
#include "api/sensor_things/sensor_things_api.h"
#include "base/result.h"

namespace citiverse::api::sensor_things {

inline constexpr std::chrono::milliseconds kReadTime{2'000};  ///< Of looking for one answer.
inline constexpr std::size_t kDistinctMax = 100'000;          ///< Sources or attributes that are told apart in one answer.

/// What the caller knows beforehand of what it wants; everything else is passed over.
struct Wanted {
  twin::history::TimeRange times;  ///< Of Observations: the start of phenomenonTime.
  bool newest_first = false;       ///< Observations of one Datastream by falling time, else by rising time.
  std::string datastream_id;       ///< Observations of this one alone; empty: of all.
};

/// What the caller says to each item.
enum class Go : std::uint8_t { on, next_series, stop };
using OnItem = std::function<Go(Item&)>;

/// For one request. Threads: one.
class Reader {
 public:
  explicit Reader(const SensorThingsApi& api);

  using Found = base::Result<std::optional<Item>>;
  using Read = base::Result<void>;

  /// Nothing when there is no such entity. Fails: limit, corrupt.
  Found find(Kind kind, std::string_view id);
  /// All of a set; in a stable order. Fails: limit (kReadTime), corrupt.
  Read each(Kind kind, const Wanted& wanted, const OnItem& on_item);
  /// All to which a navigation leads; at most one where it is to one.
  Read each_related(const Item& from, const Navigation& navigation, const Wanted& wanted, const OnItem& on_item);
  /// Puts in what is only looked for when it is shown or compared: a Datastream's times (8.2.4).
  Read complete(Item& item);
  /// The newest value of a Datastream; nothing when there is none.
  base::Result<std::optional<twin::Attribute>> newest(const twin::Entity& thing, twin::NameId attribute, twin::NameId dataset);

  const ItemMaker& maker() const { return maker_; }
  bool is_late() const { return std::chrono::steady_clock::now() > until_; }

 private:
  using OnThing = std::function<Go(const twin::EntityPtr&)>;
  using OnPast = std::function<Go(const PastValue&)>;

  Read each_entity(const twin::Narrowing& narrowing, bool are_things, const OnThing& on_thing);
  Read each_thing(const OnThing& on_thing) { return each_entity({}, true, on_thing); }
  Read each_stored(Kind kind, const OnItem& on_item, bool& has_stopped);
  Read each_datastream(const twin::EntityPtr& thing, const OnItem& on_item, Go& go);
  Read each_datastream_where(const std::function<bool(const Item&)>& is_wanted, const OnItem& on_item);
  Read each_observation(const Item& datastream, const Wanted& wanted, const OnItem& on_item, Go& go);
  Read each_sample(const twin::Entity& entity, twin::NameId attribute, twin::NameId dataset, const Wanted& wanted,
                   const OnPast& on_past, Go& go);
  Read each_historical(const twin::EntityPtr& thing, const OnItem& on_item, Go& go);
  Read each_location_of(const twin::EntityPtr& thing, const OnItem& on_item);
  Read each_derived_sensor(const OnItem& on_item);
  Read each_derived_property(const OnItem& on_item);

  Read related_to_thing(const Item& from, Kind target, const Wanted& wanted, const OnItem& on_item);
  Read related_to_location(const Item& from, Kind target, const OnItem& on_item);
  Read related_to_historical(const Item& from, Kind target, const OnItem& on_item);
  Read related_to_datastream(const Item& from, Kind target, const Wanted& wanted, const OnItem& on_item);
  Read related_to_observation(const Item& from, Kind target, const OnItem& on_item);
  Read observations_of_feature(const Item& from, const Wanted& wanted, const OnItem& on_item);
  Read one(Kind kind, std::string_view id, const OnItem& on_item);

  Found find_value(Kind kind, std::string_view id);
  Found find_location(std::string_view id);
  Found find_feature(std::string_view id);
  Found find_datastream(std::string_view id);
  Found find_sensor(std::string_view id);
  Found find_observed_property(std::string_view id);
  twin::EntityPtr living(std::string_view id) const;
  bool lives(const twin::Entity& entity) const;
  Read check_time();

  const SensorThingsApi& api_;
  const Terms& terms_;
  const ItemMaker maker_;
  const twin::TimeUs now_us_;
  const std::chrono::steady_clock::time_point until_;
  std::size_t looks_ = 0;
};

}  // namespace citiverse::api::sensor_things
