// Columns of a block: whole numbers, measured numbers and texts, in few bytes each.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twin/byte_stream.h"

namespace citiverse::twin::history {

inline constexpr std::size_t kDictionaryBytesMax = 64 << 20;

/// As differences, or differences of differences (Pelkonen et al. 2015, doi:10.14778/2824032.2824078, 4.1.1), or distances from
/// the least, whichever is smallest, in the greatest unit that divides all; then as planes. Exact for every value.
void put_integers(ByteWriter& out, std::span<const std::int64_t> values);
/// Reads values.size() numbers; leaves `in` failed when the bytes are not those of so many.
void take_integers(ByteReader& in, std::span<std::int64_t> values);

/// As whole numbers of a decimal place where all have few digits, as sensors report them (the idea of ALP: Afroozeh et al.
/// 2023, doi:10.1145/3626717); else each XORed with the one before (Pelkonen et al. 4.1.2), as planes. Exact to the bit.
void put_numbers(ByteWriter& out, std::span<const double> values);
void take_numbers(ByteReader& in, std::span<double> values);

/// A dictionary: texts once each.
void put_texts(ByteWriter& out, std::span<const std::string_view> texts);
/// Leaves `in` failed when there are more than `texts_max`, or more than kDictionaryBytesMax bytes of them.
std::vector<std::string> take_texts(ByteReader& in, std::size_t texts_max);

}  // namespace citiverse::twin::history
