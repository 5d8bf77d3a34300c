// The inside of a history: one lock over the index and the open points, one thread that writes and merges segments.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "twin/history/append_log.h"
#include "twin/history/history.h"
#include "twin/history/open_points.h"
#include "twin/history/sample_bytes.h"
#include "twin/history/series_index.h"

namespace citiverse::twin::history {

inline constexpr std::size_t kTellingBytes = 17;  ///< The record at the beginning of each run of the log, with its frame.
inline constexpr std::size_t kIndexBytesWaitingMax = 4 << 20;  ///< Of the index, in memory, that its file does not hold yet.

class History::Data {
 public:
  using Segments = std::vector<SegmentPtr>;

  Data(Options options_in, Names& names_in) : options(std::move(options_in)), names(names_in), index(names_in) {}
  ~Data();

  // history_recovery.cpp
  base::Result<void> recover();

  // history_reading.cpp
  SeriesView view(SeriesId series) const;

  // history_keeping.cpp: segments, on the keeper's thread.
  void start();
  void keep(const std::stop_token& stop);
  base::Result<void> write_segment(const std::shared_ptr<OpenPoints>& points);
  void remove_log(const OpenPoints& points) const;
  base::Result<void> write_waiting();
  /// How many of the last segments are worth merging now; 0: none.
  std::size_t to_merge();
  base::Result<void> merge_last(std::size_t count);
  bool is_retention_due(const Segments& all) const;
  void install(const SegmentPtr& segment, std::size_t replaced);
  /// Appends what the index learned to its file. Under keeping_mutex.
  base::Result<void> write_index();
  bool holds_much_index() const;

  // history_writing.cpp; under `mutex`.
  base::Result<SeriesId> series_of(const EntityFacts& entity, NameId attribute, NameId dataset, std::string& index_records);
  EntityNumber entity_of(const EntityFacts& entity, std::string& index_records);
  void put(const NewPoint& point, std::string& points);
  base::Result<std::uint64_t> record(const EntityFacts& entity, std::span<const Sample> samples, bool only_newer,
                                     std::uint64_t change);
  /// Waits until few enough segments are to be written.
  std::unique_lock<std::shared_mutex> lock_to_write();
  /// Of what was recorded at the same moment as the series' newest point: whether history has not been told of it.
  bool is_lacking(const NewPoint& point) const;
  /// Hands records to the log, those of the index first; opens a new run of it when this one is full.
  base::Result<std::uint64_t> log(const std::string& index_records, const std::string& points);
  /// The open points wait for their segment, and others are open; `reserved` numbers of segments lie between.
  base::Result<void> rotate(std::uint64_t reserved);

  std::filesystem::path log_path(std::uint64_t number) const;
  std::shared_ptr<const Segments> segments_now() const {
    const std::shared_lock lock(mutex);
    return segments;
  }

  const Options options;
  Names& names;

  mutable std::shared_mutex mutex;  ///< What follows, up to the next lock.
  SeriesIndex index;
  std::shared_ptr<OpenPoints> open;
  struct Run {
    std::shared_ptr<AppendLog> log;
    std::uint64_t begin = 0;  ///< Positions count over all runs.
  };
  std::deque<Run> runs;                             ///< Of the log, those without a segment yet; the last one grows.
  std::deque<std::shared_ptr<OpenPoints>> waiting;  ///< Full, oldest first; read until their segment is there.
  std::uint64_t end = 0;                            ///< The position that was handed out last.
  std::uint64_t told_until = 0;                     ///< The number of the last change; each run of the log begins with it.
  std::chrono::steady_clock::time_point open_since = std::chrono::steady_clock::now();
  std::shared_ptr<const Segments> segments = std::make_shared<Segments>();
  std::string new_index_records;  ///< Not yet in the index file, but in the log.
  bool must_merge_all = false;
  bool is_keeping = false;
  std::condition_variable_any keeper_wakes;
  std::condition_variable_any settled;

  std::mutex keeping_mutex;  ///< Held by whoever makes segments; taken before `mutex`.
  std::jthread keeper;
};

}  // namespace citiverse::twin::history
