// zstd's contexts are kept a thread, as scratch memory: making one costs more than compressing a plane.
#include "twin/history/planes.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <memory>

namespace citiverse::twin::history {
namespace {

constexpr int kLevel = 3;
enum PlaneForm : std::uint8_t { as_it_is, by_zstd, one_byte };

ZSTD_CCtx* compressor() {
  thread_local const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  return context.get();
}

ZSTD_DCtx* decompressor() {
  thread_local const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  return context.get();
}

/// Empty where compressing does not save a sixteenth.
std::string compressed(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compressCCtx(compressor(), out.data(), out.size(), bytes.data(), bytes.size(), kLevel);
  const bool pays = ZSTD_isError(size) == 0 && size + bytes.size() / 16 + 2 < bytes.size();
  out.resize(pays ? size : 0);
  return out;
}

bool decompress(std::string_view bytes, char* out, std::size_t size) {
  return ZSTD_decompressDCtx(decompressor(), out, size, bytes.data(), bytes.size()) == size;
}

void put_plane(ByteWriter& out, std::string_view plane) {
  if (std::ranges::all_of(plane, [&](char each) { return each == plane.front(); })) {
    out.byte(one_byte);
    out.byte(static_cast<std::uint8_t>(plane.front()));
    return;
  }
  const std::string small = compressed(plane);
  out.byte(small.empty() ? as_it_is : by_zstd);
  out.text(small.empty() ? plane : small);
}

/// The plane's bytes, in `scratch` or in what is read.
std::string_view take_plane(ByteReader& in, std::size_t size, std::string& scratch) {
  const std::uint8_t form = in.byte();
  if (form == one_byte) {
    scratch.assign(size, static_cast<char>(in.byte()));
    return scratch;
  }
  const std::string_view stored = in.text();
  if (form == as_it_is && stored.size() == size) return stored;
  scratch.resize(size);
  if (form != by_zstd || !decompress(stored, scratch.data(), size)) in.fail();
  return scratch;
}

}  // namespace

void put_planes(ByteWriter& out, std::span<const std::uint64_t> values) {
  std::uint64_t any = 0;
  for (const std::uint64_t each : values) any |= each;
  const int planes = (static_cast<int>(std::bit_width(any)) + 7) / 8;
  out.byte(static_cast<std::uint8_t>(planes));
  std::string plane(values.size(), '\0');
  for (int i = 0; i < planes; ++i) {
    std::ranges::transform(values, plane.begin(), [&](std::uint64_t each) { return static_cast<char>(each >> (8 * i)); });
    put_plane(out, plane);
  }
}

void take_planes(ByteReader& in, std::span<std::uint64_t> values) {
  const std::uint8_t planes = in.byte();
  if (planes > 8 || values.size() > kColumnValuesMax) in.fail();
  if (!in.ok() || planes == 0) std::ranges::fill(values, 0);
  std::string scratch;
  for (int i = 0; i < planes && in.ok(); ++i) {
    const std::string_view plane = take_plane(in, values.size(), scratch);
    if (!in.ok()) return;
    if (i == 0)
      for (std::size_t k = 0; k < values.size(); ++k) values[k] = static_cast<std::uint8_t>(plane[k]);
    else
      for (std::size_t k = 0; k < values.size(); ++k)
        values[k] |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(plane[k])) << (8 * i);
  }
}

void put_compressed(ByteWriter& out, std::string_view bytes) {
  const std::string small = compressed(bytes);
  out.byte(small.empty() ? as_it_is : by_zstd);
  out.unsigned_number(bytes.size());
  out.text(small.empty() ? bytes : small);
}

std::string take_compressed(ByteReader& in, std::size_t bytes_max) {
  const std::uint8_t form = in.byte();
  const std::uint64_t size = in.unsigned_number();
  const std::string_view stored = in.text();
  if (size > bytes_max || (form != by_zstd && stored.size() != size)) in.fail();
  if (!in.ok()) return {};
  if (form != by_zstd) return std::string(stored);
  std::string out(size, '\0');
  if (!decompress(stored, out.data(), size)) in.fail();
  return in.ok() ? out : std::string();
}

}  // namespace citiverse::twin::history
