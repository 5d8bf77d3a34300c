// Texts that are kept for long, each once, in few large pieces of memory: a text of its own would cost twice as much again.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace citiverse::twin::history {

/// Numbers count from 0 in the order in which texts came. Cost: the bytes and about 32 more a text. Threads: one writer or many
/// readers.
class TextPool {
 public:
  std::size_t size() const { return texts_.size(); }
  /// Valid as long as the pool.
  std::string_view text(std::uint32_t number) const { return texts_[number]; }
  std::optional<std::uint32_t> find(std::string_view text) const;
  /// The number of the text, which is kept when it is new.
  std::uint32_t number_of(std::string_view text);

 private:
  std::string_view keep(std::string_view text);
  struct Place {
    std::uint32_t number = 0;  // 1 + number; 0: nothing stands here.
    std::uint32_t hash = 0;
  };
  /// Where in the table the text is, or where it would be put.
  std::size_t place_of(std::string_view text, std::uint32_t hash) const;
  void grow();

  std::vector<std::unique_ptr<char[]>> pieces_;
  char* free_ = nullptr;  // In the last piece.
  std::size_t room_ = 0;
  std::deque<std::string_view> texts_;
  std::vector<Place> table_;  // A power of two, at most two thirds full.
};

}  // namespace citiverse::twin::history
