// Heads of items only (RFC 8949, clause 3): values are for libfido2 to read.
#include "identity/cbor_shape.h"

#include <cstdint>

namespace citiverse::identity {
namespace {

constexpr int kBytes = 2;
constexpr int kText = 3;
constexpr int kArray = 4;
constexpr int kMap = 5;
constexpr int kTag = 6;

struct Head {
  int major;
  std::uint64_t argument;
};

std::optional<Head> take_head(std::string_view& bytes) {
  if (bytes.empty()) return std::nullopt;
  const auto first = static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(1);
  Head head{first >> 5, first & 0x1Fu};
  if (head.argument < 24) return head;
  if (head.argument > 27) return std::nullopt;  // Reserved, and lengths that are not told in advance.
  const std::size_t size = std::size_t{1} << (head.argument - 24);
  if (bytes.size() < size) return std::nullopt;
  head.argument = 0;
  for (std::size_t i = 0; i < size; ++i) head.argument = head.argument << 8 | static_cast<unsigned char>(bytes[i]);
  bytes.remove_prefix(size);
  return head;
}

bool skip_item(std::string_view& bytes, int depth) {
  const auto head = take_head(bytes);
  if (!head) return false;
  switch (head->major) {
    case kBytes:
    case kText:
      if (head->argument > bytes.size()) return false;
      bytes.remove_prefix(head->argument);
      return true;
    case kArray:
    case kMap: {
      // Every item takes a byte at least, so a count beyond the bytes that are left is a lie.
      if (depth >= kCborDepthMax || head->argument > bytes.size()) return false;
      const std::uint64_t items = head->argument * (head->major == kMap ? 2 : 1);
      for (std::uint64_t i = 0; i < items; ++i) {
        if (!skip_item(bytes, depth + 1)) return false;
      }
      return true;
    }
    case kTag: return false;  // CTAP2 canonical CBOR has no tags.
    default: return true;     // Numbers and simple values are in their heads.
  }
}

}  // namespace

std::optional<std::string_view> take_cbor_item(std::string_view& bytes) {
  const std::string_view whole = bytes;
  if (!skip_item(bytes, 0)) return std::nullopt;
  return whole.substr(0, whole.size() - bytes.size());
}

std::optional<std::string_view> cbor_string(std::string_view item, bool is_text) {
  const auto head = take_head(item);
  if (!head || head->major != (is_text ? kText : kBytes) || head->argument != item.size()) return std::nullopt;
  return item;
}

std::optional<CborEntries> cbor_map(std::string_view item) {
  const auto head = take_head(item);
  if (!head || head->major != kMap) return std::nullopt;
  CborEntries entries;
  while (!item.empty()) {
    const auto key = take_cbor_item(item);
    const auto value = take_cbor_item(item);
    if (!key || !value) return std::nullopt;
    entries.emplace_back(*key, *value);
  }
  return entries.size() == head->argument ? std::optional(std::move(entries)) : std::nullopt;
}

}  // namespace citiverse::identity
