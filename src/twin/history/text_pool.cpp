// A table of numbers with linear probing: what is compared is in the pieces.
#include "twin/history/text_pool.h"

#include <algorithm>
#include <functional>

namespace citiverse::twin::history {
namespace {

constexpr std::size_t kPieceBytes = 64 << 10;
constexpr std::size_t kTableFirst = 16;

}  // namespace

std::size_t TextPool::place_of(std::string_view text) const {
  const std::size_t mask = table_.size() - 1;
  std::size_t place = std::hash<std::string_view>()(text) & mask;
  while (table_[place] != 0 && texts_[table_[place] - 1] != text) place = (place + 1) & mask;
  return place;
}

std::optional<std::uint32_t> TextPool::find(std::string_view text) const {
  if (table_.empty()) return std::nullopt;
  const std::uint32_t found = table_[place_of(text)];
  return found == 0 ? std::nullopt : std::optional(found - 1);
}

std::uint32_t TextPool::number_of(std::string_view text) {
  if ((texts_.size() + 1) * 3 > table_.size() * 2) grow();
  std::uint32_t& at = table_[place_of(text)];
  if (at == 0) {
    texts_.push_back(keep(text));
    at = static_cast<std::uint32_t>(texts_.size());
  }
  return at - 1;
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
  table_.assign(std::max(kTableFirst, table_.size() * 2), 0);
  for (std::uint32_t number = 0; number < texts_.size(); ++number) table_[place_of(texts_[number])] = number + 1;
}

}  // namespace citiverse::twin::history
