// Header, then each column at a multiple of 64 bytes.
#include "city/city_pack.h"

#include <cstring>

#include <fmt/format.h>

namespace citiverse::city {
namespace {

constexpr char kMagic[8] = {'C', 'V', 'P', 'A', 'C', 'K', '\r', '\n'};
constexpr std::size_t kColumns = 28;  // Those of CityColumns, and the terrain's heights.
constexpr std::size_t kAlignment = 64;

struct Section {
  std::uint64_t offset;
  std::uint64_t count;
  std::uint64_t value_bytes;
};

struct Header {
  char magic[8];
  std::uint32_t version;
  std::uint32_t byte_order;  // 0x01020304 as this machine writes it.
  std::uint64_t file_bytes;
  double lat_deg, lon_deg;
  double terrain_x, terrain_y, terrain_step_m;
  std::uint32_t terrain_columns, terrain_rows;
  char name[kTextBytesMax + 1];
  char time_zone[65];
  char padding[2];
  Section sections[kColumns];
};

std::unexpected<base::Error> unusable(const std::filesystem::path& path, std::string_view why) {
  return base::fail(base::ErrorCode::corrupt, fmt::format("{}: {}; delete the file and it is made again", path.string(), why));
}

}  // namespace

base::Result<void> CityPack::save(const City& city, const std::filesystem::path& path) {
  Header header{};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  header.version = kPackVersion;
  header.byte_order = 0x01020304;
  header.lat_deg = city.plane_.origin().lat_deg;
  header.lon_deg = city.plane_.origin().lon_deg;
  header.terrain_x = city.terrain_.origin().x;
  header.terrain_y = city.terrain_.origin().y;
  header.terrain_step_m = city.terrain_.step_m();
  header.terrain_columns = city.terrain_.columns();
  header.terrain_rows = city.terrain_.rows();
  city.name_.copy(header.name, kTextBytesMax);
  city.time_zone_.copy(header.time_zone, sizeof header.time_zone - 1);

  std::string bytes(sizeof header, '\0');
  std::size_t column = 0;
  const auto append = [&](std::string_view, const auto& values) {
    bytes.resize((bytes.size() + kAlignment - 1) / kAlignment * kAlignment);
    const auto span = std::as_bytes(values.values());
    header.sections[column++] = {bytes.size(), values.size(), values.empty() ? 0 : span.size() / values.size()};
    if (!span.empty()) bytes.append(reinterpret_cast<const char*>(span.data()), span.size());
  };
  for_each_column(city.columns_, append);
  append("terrain", city.terrain_.heights_m());
  header.file_bytes = bytes.size();
  std::memcpy(bytes.data(), &header, sizeof header);
  return base::write_file_atomically(path, bytes);
}

base::Result<City> CityPack::open(const std::filesystem::path& path) {
  auto file = base::MappedFile::open(path);
  if (!file) return std::unexpected(file.error());
  const auto bytes = file->bytes();
  Header header;
  if (bytes.size() < sizeof header) return unusable(path, "too short for a city pack");
  std::memcpy(&header, bytes.data(), sizeof header);
  if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0) return unusable(path, "not a city pack");
  if (header.version != kPackVersion || header.byte_order != 0x01020304) return unusable(path, "made by another version");
  if (header.file_bytes != bytes.size()) return unusable(path, "cut short");

  City city;
  bool fits = true;
  std::size_t column = 0;
  const auto window = [&]<class T>(std::string_view, Column<T>& values) {
    const Section& s = header.sections[column++];
    const bool inside = s.offset % kAlignment == 0 && s.offset <= bytes.size() &&
                        s.count <= (bytes.size() - s.offset) / sizeof(T) && (s.count == 0 || s.value_bytes == sizeof(T));
    if (!inside) {
      fits = false;
      return;
    }
    values = Column<T>(std::span(reinterpret_cast<const T*>(bytes.data() + s.offset), s.count));
  };
  for_each_column(city.columns_, window);
  Column<float> heights;
  window("terrain", heights);
  if (!fits || heights.size() != std::size_t{header.terrain_columns} * header.terrain_rows) return unusable(path, "damaged");
  if (!heights.empty()) {
    city.terrain_ = Terrain({header.terrain_x, header.terrain_y}, header.terrain_step_m, header.terrain_columns,
                            header.terrain_rows, std::move(heights));
  }
  header.name[kTextBytesMax] = header.time_zone[64] = '\0';
  city.name_ = header.name;
  city.time_zone_ = header.time_zone;
  city.plane_ = geo::CityPlane({header.lat_deg, header.lon_deg});
  city.derive();
  city.file_ = std::move(*file);
  return city;
}

}  // namespace citiverse::city
