// The twin's memory beyond the process: every write in a log of checksummed records, and now and then a snapshot of all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "twin/entity.h"
#include "twin/journal/record.h"

namespace citiverse::twin {

/// What is promised of a write that was acknowledged.
enum class Durability : std::uint8_t {
  memory,   ///< It is seen by everybody until the process ends. Nothing is on the disk.
  batched,  ///< It is on the disk (fdatasync): it survives the end of the process and of the machine. Writes share a sync.
  strict,   ///< As batched, and each write has a sync of its own, whose failure is told to nobody else.
};

namespace journal {

inline constexpr std::size_t kWaitingBytesMax = 64u << 20;  ///< Written and not yet on the disk; beyond, writes are refused.
inline constexpr std::size_t kLogBytes = 128u << 20;        ///< A log is followed by a snapshot when it is this large.

struct Recovered {
  std::uint64_t steps = 0;
  std::uint64_t torn_bytes = 0;  ///< At the end of the last log: a write that was never acknowledged.
};

/// Files `snapshot-N` and `log-N`: the state is the newest snapshot and, on top, all logs from its number on. Threads: safe.
class Journal {
 public:
  using OnStep = std::function<void(Step&&)>;
  using EachEntity = std::function<void(const std::function<void(std::string_view tenant, const Entity& entity)>&)>;
  using WhenDurable = std::function<void(base::Result<void>)>;
  using Ask = std::function<base::Result<void>()>;

  /// Calls `when_locked` once no other process has the folder, then tells what the files hold, stops at the first torn record
  /// of the last log and cuts it off, and goes on there. Fails: corrupt when a file that must be whole is not; unavailable.
  static base::Result<std::unique_ptr<Journal>> open(const std::filesystem::path& folder, Durability durability, Names& names,
                                                     const OnStep& on_step, Recovered& recovered,
                                                     std::size_t log_bytes = kLogBytes, const Ask& when_locked = {});
  /// What waits is written.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// From now on snapshots can be taken of what `each_entity` tells, while others write. Once a snapshot is written, and before
  /// it takes the place of logs, `before_removal` is asked on a thread of the journal; an error leaves the logs. Once.
  void start(const Names& names, EachEntity each_entity, Ask before_removal = {});

  /// Fails: limit, unavailable. Ask before the write is done: what was done cannot be refused any more.
  base::Result<void> has_room() const;
  /// Takes a payload of steps; records stand in the order of these calls. `when_durable` is called on the journal's thread.
  void append(std::string_view payload, WhenDurable when_durable);
  /// Calls when all that was appended before is durable.
  void append_nothing(WhenDurable when_durable);

 private:
  struct Impl;
  explicit Journal(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace journal
}  // namespace citiverse::twin
