// A table of numbers with linear probing: what is compared is in the pieces.
#include "twin/history/text_pool.h"

#include <algorithm>
#include <functional>

namespace citiverse::twin::history {
namespace {

constexpr std::size_t kPieceBytes = 64 << 10;
constexpr std::size_t kTableFirst = 16;

std::uint32_t hash_of(std::string_view text) {
  const std::size_t hash = std::hash<std::string_view>()(text);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

}  // namespace

// Another text of the same place is passed over by its hash: looking at its bytes would be two waits for memory.
std::size_t TextPool::place_of(std::string_view text, std::uint32_t hash) const {
  const std::size_t mask = table_.size() - 1;
  std::size_t at = hash & mask;
  while (table_[at].number != 0 && (table_[at].hash != hash || texts_[table_[at].number - 1] != text)) at = (at + 1) & mask;
  return at;
}

std::optional<std::uint32_t> TextPool::find(std::string_view text) const {
  if (table_.empty()) return std::nullopt;
  const std::uint32_t found = table_[place_of(text, hash_of(text))].number;
  return found == 0 ? std::nullopt : std::optional(found - 1);
}

std::uint32_t TextPool::number_of(std::string_view text) {
  if ((texts_.size() + 1) * 3 > table_.size() * 2) grow();
  const std::uint32_t hash = hash_of(text);
  Place& place = table_[place_of(text, hash)];
  if (place.number == 0) {
    texts_.push_back(keep(text));
    place = {static_cast<std::uint32_t>(texts_.size()), hash};
  }
  return place.number - 1;
}

std::string_view TextPool::keep(std::string_view text) {
  if (text.size() > room_) {
    room_ = std::max(kPieceBytes, text.size());
    pieces_.push_back(std::make_unique_for_overwrite<char[]>(room_));
    free_ = pieces_.back().get();
  }
  char* const kept = free_;
  std::ranges::copy(text, kept);
  free_ += text.size();
  room_ -= text.size();
  return {kept, text.size()};
}

void TextPool::grow() {
  const std::vector<Place> before = std::move(table_);
  table_.assign(std::max(kTableFirst, before.size() * 2), {});
  const std::size_t mask = table_.size() - 1;
  for (const Place& each : before) {
    if (each.number == 0) continue;
    std::size_t at = each.hash & mask;
    while (table_[at].number != 0) at = (at + 1) & mask;
    table_[at] = each;
  }
}

}  // namespace citiverse::twin::history
