// What people want to be told of, kept for them between visits; being told is the matter of their browsers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/store.h"

namespace citiverse::twin {

inline constexpr std::size_t kAlertsOfOneMax = 16;  ///< Of one person.
inline constexpr std::size_t kAlertDocumentBytesMax = 4'096;

struct KeptAlert {
  std::uint64_t id = 0;
  std::string document;  ///< JSON; opaque here.
};

/// One SQLite file. People are numbers that this room does not understand. What add() and remove() acknowledged survives a
/// killed process. Threads: safe.
class AlertBook {
 public:
  /// Fails: unavailable, corrupt.
  static base::Result<std::unique_ptr<AlertBook>> open(const std::filesystem::path& path);

  /// The oldest first. Fails: unavailable.
  base::Result<std::vector<KeptAlert>> of(std::uint64_t person);
  /// With an id of its own. Fails: limit beyond kAlertsOfOneMax, bad_input beyond kAlertDocumentBytesMax; unavailable.
  base::Result<void> add(std::uint64_t person, std::uint64_t id, std::string_view document);
  /// Fails: not_found, unavailable.
  base::Result<void> remove(std::uint64_t person, std::uint64_t id);
  /// All of a person; nothing is fine too. Fails: unavailable.
  base::Result<void> erase(std::uint64_t person);

 private:
  explicit AlertBook(std::unique_ptr<storage::Store> store) : store_(std::move(store)) {}
  std::unique_ptr<storage::Store> store_;
};

}  // namespace citiverse::twin
