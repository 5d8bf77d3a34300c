// Linear probing without marks for what was erased: what comes after a gap moves back into it.
#include "twin/id_table.h"

#include <algorithm>
#include <functional>

#include "base/check.h"

namespace citiverse::twin {
namespace {

constexpr std::size_t kIdTableFirst = 16;

}  // namespace

std::uint32_t IdTable::hash_of(std::string_view id) {
  const std::uint64_t hash = std::hash<std::string_view>()(id);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

void IdTable::put(std::uint32_t hash, Slot slot) {
  std::size_t at = hash & mask();
  while (slots_[at] != 0) at = (at + 1) & mask();
  slots_[at] = slot;
  hashes_[at] = hash;
}

void IdTable::grow() {
  const std::vector<Slot> slots = std::move(slots_);
  const std::vector<std::uint32_t> hashes = std::move(hashes_);
  const std::size_t size = std::max(kIdTableFirst, slots.size() * 2);
  slots_.assign(size, 0);
  hashes_.assign(size, 0);
  for (std::size_t i = 0; i < slots.size(); ++i)
    if (slots[i] != 0) put(hashes[i], slots[i]);
}

void IdTable::insert(std::string_view id, Slot slot) {
  if ((size_ + 1) * 3 > slots_.size() * 2) grow();
  put(hash_of(id), slot);
  ++size_;
}

void IdTable::erase(std::string_view id, Slot slot) {
  CITIVERSE_CHECK(!slots_.empty(), "what is erased was put in before");
  std::size_t gap = hash_of(id) & mask();
  while (slots_[gap] != slot) {
    CITIVERSE_CHECK(slots_[gap] != 0, "what is erased was put in before");
    gap = (gap + 1) & mask();
  }
  for (std::size_t at = (gap + 1) & mask(); slots_[at] != 0; at = (at + 1) & mask()) {
    const std::size_t home = hashes_[at] & mask();
    // Whose way from home leads past the gap is found no more unless it moves there.
    if (((at - home) & mask()) < ((at - gap) & mask())) continue;
    slots_[gap] = slots_[at];
    hashes_[gap] = hashes_[at];
    gap = at;
  }
  slots_[gap] = 0;
  --size_;
}

}  // namespace citiverse::twin
