// Which series there are: by entity, attribute and dataset, under numbers that files use.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "twin/byte_stream.h"
#include "twin/history/segment.h"
#include "twin/history/text_pool.h"
#include "twin/names.h"

namespace citiverse::twin::history {

using EntityNumber = std::uint32_t;

inline constexpr SeriesId kNoSeries = UINT32_MAX;

/// An entity that has, or had, a history; it may be long gone from the city. What the index gives out is valid until it
/// changes.
struct EntityRecord {
  std::string_view id;
  std::span<const NameId> types;
  std::span<const NameId> scopes;
  TimeUs created_us = kNoTime;
  TimeUs deleted_us = kNoTime;  ///< kNoTime while it lives.
  bool is_erased = false;       ///< Its history was deleted: nobody finds it until it is written again.
};

struct SeriesRecord {
  EntityNumber entity = 0;
  NameId attribute = kNoName;
  NameId dataset = kNoName;
  SeriesId next = kNoSeries;  ///< Of the same entity.
  std::uint64_t next_instance = 1;
  std::uint64_t erased_to = 0;          ///< Instances up to this one are deleted.
  TimeUs last_unobserved_us = kNoTime;  ///< The latest time of a point that has no observedAt.
  TimeUs last_recorded_us = kNoTime;
};

/// Threads: one writer or many readers. Every change of it has a record, and applying records gives the index again.
class SeriesIndex {
 public:
  static constexpr std::size_t kSeriesMax = 40'000'000;

  explicit SeriesIndex(Names& names) : names_(names) {}

  std::optional<EntityNumber> find_entity(std::string_view tenant, std::string_view id) const;
  std::optional<SeriesId> find_series(EntityNumber entity, NameId attribute, NameId dataset) const;
  EntityRecord entity(EntityNumber number) const;
  std::string_view tenant(EntityNumber number) const;
  /// In the order in which they began.
  template <class OnSeries>
  void each_series(EntityNumber number, OnSeries&& on_series) const {
    for (SeriesId each = entities_[number].first_series; each != kNoSeries; each = series_[each].next) on_series(each);
  }
  const SeriesRecord& series(SeriesId number) const { return series_[number]; }
  SeriesRecord& series(SeriesId number) { return series_[number]; }
  std::size_t entities() const { return entities_.size(); }
  std::size_t series_count() const { return series_.size(); }

  // Each appends to `records` what apply() needs to do the same again; nothing where nothing changes.
  EntityNumber put_entity(std::string_view tenant, const EntityRecord& entity, std::string& records);
  base::Result<SeriesId> put_series(EntityNumber entity, NameId attribute, NameId dataset, std::string& records);
  void erase_series(SeriesId series, std::string& records);

  /// One record of `records`, which begin with their kind. Leaves `in` failed when it is not one of the index's.
  void apply(ByteReader& in);
  /// Gives records that make the index as it is from nothing, in parts of about a mebibyte.
  void all(const std::function<void(std::string_view)>& on_records) const;

 private:
  // Types and scopes: those of one kind of sensor have the same.
  using Shape = std::pair<std::vector<NameId>, std::vector<NameId>>;
  // What an entity costs: its number is that of its key in the pool.
  struct Kept {
    TimeUs created_us = kNoTime;
    TimeUs deleted_us = kNoTime;
    std::uint32_t shape = 0;
    SeriesId first_series = kNoSeries;
    SeriesId last_series = kNoSeries;
    bool is_erased = false;
  };

  std::uint32_t tenant_number(std::string_view tenant);
  std::uint32_t shape_number(const EntityRecord& entity);
  bool has_shape(const Kept& kept, const EntityRecord& entity) const;
  void add_series(const SeriesRecord& series);
  void write_entity(EntityNumber number, std::string& records) const;
  void write_series(SeriesId number, std::string& records) const;
  void write_erased(SeriesId number, std::string& records) const;
  void set_entity(EntityNumber number, const EntityRecord& entity);

  Names& names_;
  std::vector<std::string> tenants_;
  TextPool keys_;  // Of each entity its tenant's number, two bytes, and its id.
  std::deque<Kept> entities_;
  std::deque<SeriesRecord> series_;
  std::map<Shape, std::uint32_t> shape_numbers_;
  std::deque<const Shape*> shapes_;  // Keys of the map.
};

}  // namespace citiverse::twin::history
