// A list of passwords that others have lost already: the first that an attacker tries.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/file.h"
#include "base/result.h"

namespace citiverse::identity {

/// True when `list` has a line that begins with this SHA-1 (40 hexadecimal digits in upper case). Lines are sorted; in a list
/// that is not, the answer is one of both, and nothing worse.
bool has_line_of(std::string_view list, std::string_view sha1_hex);

/// Lines "SHA-1 in hexadecimal[:count]", sorted, as haveibeenpwned.com gives them out. Mapped, not read: 40 GB cost no memory.
/// Threads: safe.
class BreachedPasswords {
 public:
  /// Fails: not_found, unavailable; bad_input when the first or last line is none, or they stand in the wrong order.
  static base::Result<BreachedPasswords> open(const std::filesystem::path& file);
  bool contains(std::string_view password) const;

 private:
  base::MappedFile file_;
};

}  // namespace citiverse::identity
