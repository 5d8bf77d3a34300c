// Whole numbers in as few bytes as their lowest bytes need, each plane of bytes compressed on its own.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "twin/byte_stream.h"

namespace citiverse::twin::history {

inline constexpr std::size_t kColumnValuesMax = 65'536;  ///< In one column of one block.

/// Writes plane after plane, lowest byte first, up to the highest that is not zero everywhere. A plane is stored as it is, by
/// zstd (RFC 8878) where that saves a sixteenth, or as the one byte that all have.
void put_planes(ByteWriter& out, std::span<const std::uint64_t> values);
/// Reads values.size() numbers. Leaves `in` failed when the bytes are not those of so many.
void take_planes(ByteReader& in, std::span<std::uint64_t> values);

/// Bytes that zstd makes smaller, or as they are where it does not.
void put_compressed(ByteWriter& out, std::string_view bytes);
/// Leaves `in` failed when damaged or larger than `bytes_max`.
std::string take_compressed(ByteReader& in, std::size_t bytes_max);

}  // namespace citiverse::twin::history
