// Layers in an order in which what is referred to comes first: buildings before their parts, stops before lines.
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "city/city_builder.h"
#include "city/enum_names.h"
#include "city/geopackage.h"
#include "city/geopackage_blob.h"
#include "city/geopackage_fields.h"
#include "storage/database.h"

namespace citiverse::city {
namespace {

using base::Result;
using storage::Database;
using storage::Statement;

constexpr std::size_t kAttributesPerFeatureMax = 10'000;

struct SelectColumns {
  std::string sql;
  void column(std::string_view name) { sql += fmt::format(", {}", name); }
  void real(std::string_view name, float&) { column(name); }
  template <class T>
  void integer(std::string_view name, T&) {
    column(name);
  }
  void boolean(std::string_view name, bool&) { column(name); }
  template <class T>
  void word(std::string_view name, T&) {
    column(name);
  }
  void colour(std::string_view name, std::uint32_t&) { column(name); }
  void modes(std::string_view name, std::uint8_t&) { column(name); }
  void flag(std::string_view name, std::uint8_t&, std::uint8_t) { column(name); }
  void text(std::string_view name, TextRef&) { column(name); }
  void building(std::string_view name, FeatureIndex&) { column(name); }
};

using Known = std::unordered_map<FeatureId, FeatureIndex>;

// Takes the columns of one row; the first value that cannot be is remembered.
class Taker {
 public:
  Taker(const Statement& row, CityBuilder& builder, const Known& known, int first)
      : row_(row), builder_(builder), known_(known), next_(first) {}

  std::string_view bad_column() const { return bad_; }

  void real(std::string_view name, float& value) {
    const double stored = row_.real(next_++);
    if (!std::isfinite(stored) || std::abs(stored) > 1e9) return note(name);
    value = static_cast<float>(stored);
  }
  template <class T>
  void integer(std::string_view name, T& value) {
    const std::int64_t stored = row_.integer(next_++);
    if (!std::in_range<T>(stored)) return note(name);
    value = static_cast<T>(stored);
  }
  void boolean(std::string_view, bool& value) { value = row_.integer(next_++) != 0; }
  template <class T>
  void word(std::string_view name, T& value) {
    const auto stored = value_for<T>(row_.text(next_++));
    if (!stored) return note(name);
    value = *stored;
  }
  void colour(std::string_view name, std::uint32_t& rgb) {
    const int column = next_++;
    if (row_.is_null(column)) return;
    const std::string_view text = row_.text(column);
    const auto [end, error] =
        std::from_chars(text.data() + std::min<std::size_t>(1, text.size()), text.data() + text.size(), rgb, 16);
    if (text.size() != 7 || text[0] != '#' || error != std::errc() || end != text.data() + 7) note(name);
  }
  void modes(std::string_view name, std::uint8_t& value) {
    const auto stored = modes_for(row_.text(next_++));
    if (!stored) return note(name);
    value = *stored;
  }
  void flag(std::string_view, std::uint8_t& bits, std::uint8_t bit) {
    if (row_.integer(next_++) != 0) bits |= bit;
  }
  void text(std::string_view, TextRef& value) { value = builder_.text(row_.text(next_++)); }
  void building(std::string_view name, FeatureIndex& feature) {
    const int column = next_++;
    if (row_.is_null(column)) return;
    const auto id = feature_id_from(row_.text(column));
    const auto at = id && id->kind() == FeatureKind::building ? known_.find(*id) : known_.end();
    if (at == known_.end()) return note(name);
    feature = at->second;
  }

 private:
  void note(std::string_view name) {
    if (bad_.empty()) bad_ = name;
  }
  const Statement& row_;
  CityBuilder& builder_;
  const Known& known_;
  int next_;
  std::string_view bad_;
};

class GeopackageReader {
 public:
  GeopackageReader(Database& database, std::string place) : database_(database), place_(std::move(place)) {}

  Result<City> read() {
    // A view by one of our names could run any query; only tables are read.
    for (const std::string_view table : {"gpkg_contents", "city", "source", "line_pattern", "line_pattern_stop", "line_trip"}) {
      const auto there = is_table(table);
      if (!there) return std::unexpected(there.error());
      if (!*there)
        return base::fail(base::ErrorCode::corrupt, fmt::format("{}: is no city: it has no table {}", place_, table));
    }
    if (auto done = read_city(); !done) return std::unexpected(done.error());
    if (auto done = read_patterns(); !done) return std::unexpected(done.error());
    const Result<void> layers[] = {
        read_layer<Building>(FeatureKind::building), read_layer<Building>(FeatureKind::building_part),
        read_layer<Street>(FeatureKind::street),     read_layer<Rail>(FeatureKind::rail),
        read_layer<Water>(FeatureKind::water),       read_layer<Green>(FeatureKind::green),
        read_layer<LandUse>(FeatureKind::land_use),  read_layer<Paved>(FeatureKind::paved),
        read_layer<Bridge>(FeatureKind::bridge),     read_layer<Barrier>(FeatureKind::barrier),
        read_layer<Tree>(FeatureKind::tree),         read_layer<Place>(FeatureKind::place),
        read_layer<Stop>(FeatureKind::stop),         read_layer<Area>(FeatureKind::area),
        read_layer<Line>(FeatureKind::line),         read_layer<Address>(FeatureKind::address)};
    for (const auto& layer : layers) {
      if (!layer) return std::unexpected(layer.error());
    }
    return std::move(*builder_).build();
  }

 private:
  struct StoredPattern {
    std::vector<std::pair<FeatureId, PatternStop>> stops;
    std::vector<Trip> trips;
  };

  std::unexpected<base::Error> corrupt(std::string_view table, std::int64_t row, std::string_view why) const {
    return base::fail(base::ErrorCode::corrupt, fmt::format("{}: table {}, row {}: {}", place_, table, row, why));
  }

  Result<bool> is_table(std::string_view name) {
    auto row =
        database_.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ? AND sql NOT LIKE 'CREATE VIRTUAL%'");
    if (!row) return std::unexpected(row.error());
    row->bind(0, name);
    return row->step();
  }

  Result<void> read_city() {
    auto rows = database_.prepare("SELECT key, value FROM city");
    if (!rows) return std::unexpected(rows.error());
    std::map<std::string, std::string, std::less<>> values;
    Result<bool> more = false;
    while ((more = rows->step()) && *more && values.size() < 1000) values.emplace(rows->text(0), rows->text(1));
    if (!more) return std::unexpected(more.error());
    if (values["format"] != std::to_string(kGeopackageFormat))
      return corrupt("city", 1, "made by another version of the program; run the ingest again");
    geo::LatLon origin;
    for (const auto& [key, value] : {std::pair{"origin_lat_deg", &origin.lat_deg}, {"origin_lon_deg", &origin.lon_deg}}) {
      const std::string& text = values[key];
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
      if (error != std::errc() || end != text.data() + text.size())
        return corrupt("city", 1, fmt::format("{} is no number", key));
    }
    if (!geo::is_valid(origin) || std::abs(origin.lat_deg) > 89) return corrupt("city", 1, "the origin lies nowhere");
    builder_.emplace(values["name"], origin);
    builder_->set_time_zone(values["time_zone"]);
    auto sources = database_.prepare("SELECT title, licence, attribution, date FROM source ORDER BY fid");
    if (!sources) return std::unexpected(sources.error());
    while ((more = sources->step()) && *more) {
      builder_->add_source({std::string(sources->text(0)), std::string(sources->text(1)), std::string(sources->text(2)),
                            std::string(sources->text(3))});
      ++sources_;
    }
    if (!more) return std::unexpected(more.error());
    return {};
  }

  Result<void> read_patterns() {
    auto stops = database_.prepare(
        "SELECT p.line, p.fid, s.stop, s.arrival_s, s.departure_s FROM line_pattern p LEFT JOIN line_pattern_stop s ON "
        "s.pattern = p.fid "
        "ORDER BY p.fid, s.fid");
    if (!stops) return std::unexpected(stops.error());
    Result<bool> more = false;
    while ((more = stops->step()) && *more) {
      const auto line = feature_id_from(stops->text(0));
      const std::int64_t number = stops->integer(1);
      if (!line) return corrupt("line_pattern", number, "the line is no id");
      StoredPattern& pattern = patterns_[*line][number];
      line_of_pattern_.emplace(number, *line);
      if (stops->is_null(3)) continue;  // A course without stops.
      PatternStop stop;
      FeatureId id;
      if (!stops->is_null(2)) {
        const auto stored = feature_id_from(stops->text(2));
        if (!stored) return corrupt("line_pattern_stop", number, "the stop is no id");
        id = *stored;
      }
      if (!std::in_range<std::uint32_t>(stops->integer(3)) || !std::in_range<std::uint32_t>(stops->integer(4)))
        return corrupt("line_pattern_stop", number, "a time is below 0 or too large");
      stop.arrival_s = static_cast<std::uint32_t>(stops->integer(3));
      stop.departure_s = static_cast<std::uint32_t>(stops->integer(4));
      pattern.stops.emplace_back(id, stop);
    }
    if (!more) return std::unexpected(more.error());
    auto trips = database_.prepare("SELECT pattern, departure_s, days FROM line_trip ORDER BY fid");
    if (!trips) return std::unexpected(trips.error());
    while ((more = trips->step()) && *more) {
      const auto at = line_of_pattern_.find(trips->integer(0));
      if (at == line_of_pattern_.end()) return corrupt("line_trip", trips->integer(0), "the pattern is not there");
      if (!std::in_range<std::uint32_t>(trips->integer(1)) || !std::in_range<std::uint8_t>(trips->integer(2)))
        return corrupt("line_trip", trips->integer(0), "a time or a day is below 0 or too large");
      patterns_[at->second][at->first].trips.push_back(
          {static_cast<std::uint32_t>(trips->integer(1)), static_cast<std::uint8_t>(trips->integer(2)), {}});
    }
    if (!more) return std::unexpected(more.error());
    return {};
  }

  template <class Detail>
  Result<void> read_layer(FeatureKind kind) {
    const std::string_view layer = name_of(kind);
    const auto there = is_table(layer);
    if (!there) return std::unexpected(there.error());
    if (!*there) return {};  // A kind without features has no layer.
    SelectColumns columns;
    Detail unused{};
    fields(columns, unused);
    auto rows = database_.prepare(fmt::format(
        "SELECT fid, geom, id, name, house_number, street, postcode, city, source, attributes{} FROM {} ORDER BY fid",
        columns.sql, layer));
    if (!rows) return std::unexpected(rows.error());
    while (true) {
      const auto more = rows->step();
      if (!more) return std::unexpected(more.error());
      if (!*more) return {};
      if (auto done = read_row<Detail>(kind, *rows); !done) return done;
    }
  }

  template <class Detail>
  Result<void> read_row(FeatureKind kind, const Statement& row) {
    const std::string_view layer = name_of(kind);
    const std::int64_t number = row.integer(0);
    const auto id = feature_id_from(row.text(2));
    if (!id || id->kind() != kind) return corrupt(layer, number, "the id is none of this layer");
    if (builder_->contains(*id)) return corrupt(layer, number, "the id is there twice");
    const auto blob = from_blob(row.text(1), kGeometryPointsMax);
    if (!blob) return corrupt(layer, number, "the geometry cannot be read");
    Geometry geometry = builder_->begin(blob->type);
    for (const BlobPart& part : blob->parts) {
      points_.clear();
      for (const geo::LatLon& place : part.places) points_.push_back(builder_->plane().to_plane(place));
      const bool finite = std::all_of(points_.begin(), points_.end(),
                                      [](geo::Vec2d p) { return std::abs(p.x) < kPlaneMaxM && std::abs(p.y) < kPlaneMaxM; });
      if (!finite) return corrupt(layer, number, "the geometry lies too far from the city");
      if (!builder_->add_part(geometry, points_, part.is_hole) && !part.is_hole)
        return corrupt(layer, number, "a part of the geometry has too few points");
    }
    if (geometry.parts.count == 0) return corrupt(layer, number, "the geometry is empty");
    return add<Detail>(*id, geometry, row);
  }

  template <class Detail>
  Result<void> add(FeatureId id, const Geometry& geometry, const Statement& row) {
    const std::string_view layer = name_of(id.kind());
    const AddressText address{row.text(4), row.text(5), row.text(6), row.text(7)};
    FeatureIndex feature = kNone;
    if constexpr (std::same_as<Detail, Address>) {
      feature = builder_->add_address(id, geometry, address);
    } else {
      Detail detail{};
      Taker taker(row, *builder_, known_, 10);
      fields(taker, detail);
      if (!taker.bad_column().empty())
        return corrupt(layer, row.integer(0), fmt::format("the value of {} cannot be", taker.bad_column()));
      if constexpr (std::same_as<Detail, Line>) {
        if (auto done = add_patterns(id, detail); !done) return done;
      }
      feature = builder_->add(id, geometry, builder_->text(row.text(3)), detail);
      builder_->set_address(feature, address);
    }
    if (id.kind() == FeatureKind::building || id.kind() == FeatureKind::stop) known_.emplace(id, feature);
    if (!row.is_null(8)) {
      const std::int64_t source = row.integer(8);
      if (source < 1 || source > sources_) return corrupt(layer, row.integer(0), "the source is not there");
      builder_->set_source(feature, static_cast<std::uint32_t>(source - 1));
    }
    if (row.is_null(9)) return {};
    const auto pairs = from_json(row.text(9), kAttributesPerFeatureMax);
    if (!pairs) return corrupt(layer, row.integer(0), "the attributes are no JSON object of texts");
    attributes_.clear();
    for (const auto& [key, value] : *pairs) attributes_.push_back({builder_->text(key), builder_->text(value)});
    builder_->set_attributes(feature, attributes_);
    return {};
  }

  Result<void> add_patterns(FeatureId id, Line& line) {
    const auto at = patterns_.find(id);
    if (at == patterns_.end()) return {};
    for (auto& [number, stored] : at->second) {
      std::vector<PatternStop> stops;
      for (auto& [stop_id, stop] : stored.stops) {
        if (stop_id) {
          const auto stop_at = stop_id.kind() == FeatureKind::stop ? known_.find(stop_id) : known_.end();
          if (stop_at == known_.end()) return corrupt("line_pattern_stop", number, "the stop is not there");
          stop.stop = stop_at->second;
        }
        stops.push_back(stop);
      }
      const auto row = builder_->add_pattern(stops, stored.trips);
      if (line.patterns.count++ == 0) line.patterns.first = row;
    }
    return {};
  }

  static constexpr double kPlaneMaxM = 1e6;

  Database& database_;
  std::string place_;
  std::optional<CityBuilder> builder_;
  std::int64_t sources_ = 0;
  Known known_;  // Buildings and stops.
  std::unordered_map<FeatureId, std::map<std::int64_t, StoredPattern>> patterns_;
  std::unordered_map<std::int64_t, FeatureId> line_of_pattern_;
  std::vector<geo::Vec2d> points_;
  std::vector<Attribute> attributes_;
};

}  // namespace

Result<City> read_geopackage(const std::filesystem::path& path) {
  auto database = Database::open(path, storage::OpenMode::read_only);
  if (!database) return std::unexpected(database.error());
  return GeopackageReader(*database, path.string()).read();
}

Result<City> read_geopackage_bytes(std::string_view bytes) {
  auto database = Database::from_bytes(bytes);
  if (!database) return std::unexpected(database.error());
  return GeopackageReader(*database, "GeoPackage in memory").read();
}

}  // namespace citiverse::city
