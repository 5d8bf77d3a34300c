// Four independent lanes of multiply and rotate, so that the memory is the limit; no table, no allocation.
#include "tiles/city_version.h"

#include <bit>
#include <cstring>
#include <span>
#include <type_traits>

#include <fmt/format.h>

#include "base/random.h"

namespace citiverse::tiles {
namespace {

class Fingerprint {
 public:
  void add(std::span<const std::byte> bytes) {
    const std::byte* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 32; left -= 32, at += 32) {
      std::uint64_t words[4];
      std::memcpy(words, at, 32);
      for (std::size_t i = 0; i < 4; ++i) lanes_[i] = (std::rotl(lanes_[i], 29) ^ words[i]) * 0x9E3779B185EBCA87ull;
    }
    std::uint64_t rest[4] = {};
    if (left > 0) std::memcpy(rest, at, left);
    for (std::size_t i = 0; i < 4; ++i) lanes_[i] = base::mix64(lanes_[i] ^ rest[i]);
    lanes_[0] = base::mix64(lanes_[0] ^ bytes.size());
  }
  std::uint64_t value() const {
    std::uint64_t v = 0;
    for (const std::uint64_t lane : lanes_) v = base::mix64(v ^ lane);
    return v;
  }

 private:
  std::uint64_t lanes_[4] = {1, 2, 3, 4};
};

// These two have bytes between their fields that hold anything; the others are whole.
struct PlainFeature {
  std::uint64_t id;
  geo::Box2d box;
  std::uint32_t geometry_type;
  city::Run geometry_parts;
  city::TextRef name;
  std::uint32_t detail, address, source;
  city::Run attributes;
};
static_assert(sizeof(PlainFeature) == sizeof(city::Feature));

void add(Fingerprint& print, std::span<const city::Feature> features) {
  for (const city::Feature& f : features) {
    const PlainFeature plain{f.id.value,       f.box,    static_cast<std::uint32_t>(f.geometry.type),
                             f.geometry.parts, f.name,   f.detail,
                             f.address,        f.source, f.attributes};
    print.add(std::as_bytes(std::span(&plain, 1)));
  }
}

void add(Fingerprint& print, std::span<const city::Part> parts) {
  for (const city::Part& p : parts) {
    const std::uint32_t plain[3] = {p.first, p.count, p.is_hole ? 1u : 0u};
    print.add(std::as_bytes(std::span(plain)));
  }
}

template <class T>
void add(Fingerprint& print, std::span<const T> values) {
  print.add(std::as_bytes(values));
}

}  // namespace

std::string tile_version(const city::City& city) {
  Fingerprint print;
  const geo::LatLon origin = city.plane().origin();
  const city::Terrain& terrain = city.terrain();
  const double numbers[] = {static_cast<double>(kTileFormatVersion),
                            origin.lat_deg,
                            origin.lon_deg,
                            terrain.origin().x,
                            terrain.origin().y,
                            terrain.step_m(),
                            static_cast<double>(terrain.columns()),
                            static_cast<double>(terrain.rows())};
  add(print, std::span<const double>(numbers));
  add(print, std::span<const char>(city.name()));
  city::for_each_column(city.columns(), [&](std::string_view, const auto& column) { add(print, column.values()); });
  add(print, terrain.heights_m().values());
  return fmt::format("{:016x}", print.value());
}

}  // namespace citiverse::tiles
