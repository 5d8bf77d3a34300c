// Which series there are: by entity, attribute and dataset, under numbers that files use.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "twin/byte_stream.h"
#include "twin/history/segment.h"
#include "twin/names.h"

namespace citiverse::twin::history {

using EntityNumber = std::uint32_t;

/// An entity that has, or had, a history; it may be long gone from the city.
struct EntityRecord {
  std::uint32_t tenant = 0;  ///< Place in the index's tenants.
  std::string id;
  std::vector<NameId> types;
  std::vector<NameId> scopes;
  TimeUs created_us = kNoTime;
  TimeUs deleted_us = kNoTime;  ///< kNoTime while it lives.
  bool is_erased = false;       ///< Its history was deleted: nobody finds it until it is written again.
  std::vector<SeriesId> series;
};

struct SeriesRecord {
  EntityNumber entity = 0;
  NameId attribute = kNoName;
  NameId dataset = kNoName;
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
  const EntityRecord& entity(EntityNumber number) const { return entities_[number]; }
  const SeriesRecord& series(SeriesId number) const { return series_[number]; }
  SeriesRecord& series(SeriesId number) { return series_[number]; }
  std::string_view tenant(const EntityRecord& entity) const { return tenants_[entity.tenant]; }
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
  struct Key {
    std::uint32_t tenant = 0;
    std::string_view id;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const { return std::hash<std::string_view>()(key.id) ^ (key.tenant * 0x9E3779B9u); }
  };

  std::uint32_t tenant_number(std::string_view tenant);
  void write_entity(EntityNumber number, std::string& records) const;
  void write_series(SeriesId number, std::string& records) const;
  void write_erased(SeriesId number, std::string& records) const;
  void set_entity(EntityNumber number, EntityRecord entity);

  Names& names_;
  std::vector<std::string> tenants_;
  std::deque<EntityRecord> entities_;  // Stay where they are: the keys of the map are in them.
  std::deque<SeriesRecord> series_;
  std::unordered_map<Key, EntityNumber, KeyHash> numbers_;
};

}  // namespace citiverse::twin::history
