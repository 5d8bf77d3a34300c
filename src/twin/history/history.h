// Everything that was: written as it happens or in bulk, corrected, rolled up and let go, and read by series and time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "twin/attribute.h"
#include "twin/history/merging.h"
#include "twin/history/roll_up.h"
#include "twin/history/runs.h"
#include "twin/names.h"

namespace citiverse::twin::history {

/// An attribute as it was at one time: at observedAt, or at modifiedAt where there is none.
struct Sample {
  std::uint64_t instance = 0;  ///< Of its series; 0 for one that comes in.
  bool is_deletion = false;    ///< The attribute was deleted then; the value says nothing.
  Attribute attribute;
};

/// What history keeps of an entity itself.
struct EntityFacts {
  std::string_view tenant;
  std::string_view id;
  std::vector<NameId> types;
  std::vector<NameId> scopes;
  TimeUs created_us = kNoTime;
  TimeUs deleted_us = kNoTime;
};

/// A series as others see it.
struct SeriesFacts {
  SeriesId series = 0;
  NameId attribute = kNoName;
  NameId dataset = kNoName;
};

/// The entity of a series, and of what attribute of it the series is.
struct SeriesOwner {
  std::string tenant;
  std::string entity;
  NameId attribute = kNoName;
  NameId dataset = kNoName;
};

struct KeptEntity {
  std::string id;
  std::vector<NameId> types;
  std::vector<NameId> scopes;
  TimeUs created_us = kNoTime;
  TimeUs deleted_us = kNoTime;
  std::vector<SeriesFacts> series;  ///< In the order in which they began.
};

struct Options {
  std::filesystem::path folder;
  std::function<TimeUs()> clock;
  bool waits_for_disk = true;  ///< What is acknowledged outlives the machine, not only the process.
  Retention retention;
  std::size_t open_points_max = 500'000;  ///< Then a segment is written; 75 bytes each, and their texts.
};

struct Figures {
  std::uint64_t points = 0, buckets = 0, bytes = 0, segments = 0, open_points = 0, series = 0, entities = 0;
};

/// Threads: safe. Readers see a series as it was at one moment and hold no lock while they decode.
class History {
 public:
  static constexpr std::size_t kBucketsMax = 100'000;  ///< Of one answer.

  /// Recovers what a process that died had acknowledged. Fails: corrupt, unavailable.
  static base::Result<std::unique_ptr<History>> open(Options options, Names& names);
  ~History();
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  // Writing. A sample of a time that the series has already corrects it. Each gives the position to wait for.
  /// `change` is the number of the change that is told, where changes are numbered: it is kept together with the samples.
  base::Result<std::uint64_t> record(const EntityFacts& entity, std::span<const Sample> samples, std::uint64_t change = 0);
  /// The last change that was recorded with its number; 0 when there was none. After a crash: up to which nothing is missing.
  std::uint64_t told_until() const;
  /// Only the samples that were modified after the last that the series knows, or at its very moment and otherwise: what may
  /// have been recorded before a crash.
  base::Result<std::uint64_t> record_if_newer(const EntityFacts& entity, std::span<const Sample> samples);
  /// The instance's value becomes the sample's, which may also have another time. Fails: not_found.
  base::Result<std::uint64_t> correct(SeriesId series, std::uint64_t instance, const Sample& sample);
  base::Result<std::uint64_t> remove(SeriesId series, std::uint64_t instance);
  /// All of a series, or of an entity with all its series. The bytes go with the next merge, which begins at once.
  base::Result<std::uint64_t> erase(SeriesId series);
  base::Result<std::uint64_t> erase_entity(std::string_view tenant, std::string_view id);
  /// Returns when what was written up to a position is as durable as promised. Fails: unavailable.
  base::Result<void> wait(std::uint64_t position);
  /// The same for all that was written before this call.
  base::Result<void> wait_for_all();

  /// Many numbers of one series, by rising time.
  struct Column {
    SeriesId series = 0;
    std::span<const TimeUs> times_us;
    std::span<const double> values;
    NameId unit = kNoName;
  };
  base::Result<SeriesId> series(const EntityFacts& entity, NameId attribute, NameId dataset);
  /// Straight into a segment, without the log: durable when this returns.
  base::Result<void> load(std::span<const Column> columns);

  // Reading.
  std::optional<KeptEntity> find_entity(std::string_view tenant, std::string_view id) const;
  /// Entities in the order in which their history began, from place `after`; gives each one's place. Stops when `on_entity`
  /// does.
  void each_entity(std::string_view tenant, std::size_t after,
                   const std::function<bool(std::size_t, const KeptEntity&)>& on_entity) const;
  /// Whose series a number is; nothing when there is no such series, or the entity's history was erased.
  std::optional<SeriesOwner> owner_of(SeriesId series) const;
  SeriesView view(SeriesId series) const;
  Sample sample_of(SeriesId series, const Rows& rows, const Point& point) const;
  /// Numbers by steps counted from `origin_us`; a step of 0 is the whole range. Steps without values are left out. What is kept
  /// as roll-ups counts in the step in which its bucket begins. Fails: limit, corrupt.
  base::Result<std::vector<Bucket>> aggregate(SeriesId series, const TimeRange& range, TimeUs origin_us, TimeUs step_us) const;
  /// The roll-ups that reach into a range, for who asks where single values are gone.
  base::Result<std::vector<Bucket>> roll_ups(SeriesId series, const TimeRange& range) const;

  Figures figures() const;
  /// Writes what is open into a segment and merges all; lets go what is old. Returns when done.
  base::Result<void> tidy();
  /// Returns when nothing waits to be written into a segment or merged.
  void settle();

 private:
  class Data;
  explicit History(std::unique_ptr<Data> data);
  std::unique_ptr<Data> data_;
};

}  // namespace citiverse::twin::history
