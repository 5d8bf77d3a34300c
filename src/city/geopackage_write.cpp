// One transaction: the tables that the standard asks for, then a layer a kind, then the tables of the lines.
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/check.h"
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

// Clauses 1.1.2 to 1.1.3, 2.1.5, 2.3: the definitions are the standard's own (Annex C).
constexpr std::string_view kCoreTables = R"(
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
   || 'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
   || 'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],'
   || 'AUTHORITY["EPSG","4326"]]', 'longitude/latitude in degrees on WGS 84');
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE city (fid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL);
CREATE TABLE source (fid INTEGER PRIMARY KEY, title TEXT, licence TEXT, attribution TEXT, date TEXT);
CREATE TABLE line_pattern (fid INTEGER PRIMARY KEY, line TEXT NOT NULL);
CREATE TABLE line_pattern_stop (fid INTEGER PRIMARY KEY, pattern INTEGER NOT NULL, stop TEXT, arrival_s INTEGER NOT NULL,
  departure_s INTEGER NOT NULL);
CREATE TABLE line_trip (fid INTEGER PRIMARY KEY, pattern INTEGER NOT NULL, departure_s INTEGER NOT NULL, days INTEGER NOT NULL);
)";

// Annex F.3 "RTree Spatial Indexes": triggers that keep the index right when a GIS edits the layer. {0} is the table.
constexpr std::string_view kIndexTriggers = R"(
CREATE TRIGGER rtree_{0}_geom_insert AFTER INSERT ON {0} WHEN (new.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN INSERT OR REPLACE INTO rtree_{0}_geom
  VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;
CREATE TRIGGER rtree_{0}_geom_update1 AFTER UPDATE OF geom ON {0}
WHEN OLD.fid = NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN INSERT OR REPLACE INTO rtree_{0}_geom
  VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;
CREATE TRIGGER rtree_{0}_geom_update2 AFTER UPDATE OF geom ON {0}
WHEN OLD.fid = NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))
BEGIN DELETE FROM rtree_{0}_geom WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_{0}_geom_update3 AFTER UPDATE ON {0}
WHEN OLD.fid != NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN DELETE FROM rtree_{0}_geom WHERE id = OLD.fid;
INSERT OR REPLACE INTO rtree_{0}_geom
  VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;
CREATE TRIGGER rtree_{0}_geom_update4 AFTER UPDATE ON {0}
WHEN OLD.fid != NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))
BEGIN DELETE FROM rtree_{0}_geom WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER rtree_{0}_geom_delete AFTER DELETE ON {0} WHEN old.geom NOT NULL
BEGIN DELETE FROM rtree_{0}_geom WHERE id = OLD.fid; END;
)";

struct SchemaColumns {
  std::string sql;
  int count = 0;
  void column(std::string_view name, std::string_view type) {
    sql += fmt::format(", {} {}", name, type);
    ++count;
  }
  void real(std::string_view name, const float&) { column(name, "FLOAT"); }
  template <class T>
  void integer(std::string_view name, const T&) {
    column(name, "INTEGER");
  }
  void boolean(std::string_view name, const bool&) { column(name, "BOOLEAN"); }
  template <class T>
  void word(std::string_view name, const T&) {
    column(name, "TEXT");
  }
  void colour(std::string_view name, const std::uint32_t&) { column(name, "TEXT(7)"); }
  void modes(std::string_view name, const std::uint8_t&) { column(name, "TEXT"); }
  void flag(std::string_view name, const std::uint8_t&, std::uint8_t) { column(name, "BOOLEAN"); }
  void text(std::string_view name, const TextRef&) { column(name, "TEXT"); }
  void building(std::string_view name, const FeatureIndex&) { column(name, "TEXT"); }
};

class Binder {
 public:
  Binder(const City& city, Statement& statement, int first) : city_(city), statement_(statement), next_(first) {}

  void real(std::string_view, const float& value) { statement_.bind(next_++, static_cast<double>(value)); }
  template <class T>
  void integer(std::string_view, const T& value) {
    statement_.bind(next_++, static_cast<std::int64_t>(value));
  }
  void boolean(std::string_view, const bool& value) { statement_.bind(next_++, std::int64_t{value}); }
  template <class T>
  void word(std::string_view, const T& value) {
    statement_.bind(next_++, word_for(value));
  }
  void colour(std::string_view, const std::uint32_t& rgb) {
    if (rgb == kNone)
      statement_.bind_null(next_++);
    else
      keep(fmt::format("#{:06x}", rgb & 0xFFFFFFu));
  }
  void modes(std::string_view, const std::uint8_t& modes) { keep(words_for_modes(modes)); }
  void flag(std::string_view, const std::uint8_t& bits, std::uint8_t bit) {
    statement_.bind(next_++, std::int64_t{(bits & bit) != 0});
  }
  void text(std::string_view, const TextRef& value) {
    if (value.empty())
      statement_.bind_null(next_++);
    else
      statement_.bind(next_++, city_.text(value));
  }
  void building(std::string_view, const FeatureIndex& feature) {
    if (feature == kNone)
      statement_.bind_null(next_++);
    else
      keep(to_string(city_.feature(feature).id));
  }

 private:
  // A bound text must live until the step: made texts stay here.
  void keep(std::string made) {
    CITIVERSE_CHECK(used_ < std::size(kept_), "a layer has at most four columns whose text is made");
    kept_[used_] = std::move(made);
    statement_.bind(next_++, std::string_view(kept_[used_++]));
  }

  const City& city_;
  Statement& statement_;
  int next_;
  std::string kept_[4];
  std::size_t used_ = 0;
};

// A detail of a kind, by calling f with a reference to it.
template <class F>
void with_detail(const City& city, const Feature& f, F&& call) {
  switch (f.id.kind()) {
    case FeatureKind::building:
    case FeatureKind::building_part: return call(city.building(f));
    case FeatureKind::street: return call(city.street(f));
    case FeatureKind::rail: return call(city.rail(f));
    case FeatureKind::water: return call(city.water(f));
    case FeatureKind::green: return call(city.green(f));
    case FeatureKind::land_use: return call(city.land_use(f));
    case FeatureKind::paved: return call(city.paved(f));
    case FeatureKind::bridge: return call(city.bridge(f));
    case FeatureKind::barrier: return call(city.barrier(f));
    case FeatureKind::tree: return call(city.tree(f));
    case FeatureKind::place: return call(city.place(f));
    case FeatureKind::stop: return call(city.stop(f));
    case FeatureKind::area: return call(city.area(f));
    case FeatureKind::line: return call(city.line(f));
    case FeatureKind::address: return call(city.columns().addresses[f.detail]);
  }
}

std::string_view geometry_name(std::span<const Feature> features) {
  const GeometryType first = features[0].geometry.type;
  for (const Feature& f : features) {
    if (f.geometry.type != first) return "GEOMETRY";
  }
  return first == GeometryType::point ? "POINT" : first == GeometryType::lines ? "MULTILINESTRING" : "MULTIPOLYGON";
}

class Writer {
 public:
  Writer(const City& city, Database& database) : city_(city), database_(database) {
    const auto sources = city.columns().sources.values();
    const std::string_view date = sources.empty() ? std::string_view() : city.text(sources[0].date);
    changed_ = fmt::format("{}T00:00:00.000Z", date.size() == 10 ? date : "1970-01-01");
  }

  Result<void> write() {
    if (auto done = database_.run(kCoreTables); !done) return done;
    if (auto done = write_city(); !done) return done;
    for (std::size_t k = 1; k < kFeatureKinds; ++k) {
      if (auto done = write_layer(static_cast<FeatureKind>(k)); !done) return done;
    }
    return write_lines();
  }

 private:
  Result<void> add_table(std::string_view table, std::string_view description) {
    return database_.run(
        fmt::format("INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) "
                    "VALUES ('{0}', 'attributes', '{0}', '{1}', '{2}', 0)",
                    table, description, changed_));
  }

  Result<void> write_city() {
    if (auto done = add_table("city", "What holds for the whole city"); !done) return done;
    if (auto done = add_table("source", "Where the data comes from"); !done) return done;
    auto row = database_.prepare("INSERT INTO city (key, value) VALUES (?, ?)");
    if (!row) return std::unexpected(row.error());
    const geo::LatLon origin = city_.plane().origin();
    const std::pair<std::string_view, std::string> values[] = {{"format", std::to_string(kGeopackageFormat)},
                                                               {"name", city_.name()},
                                                               {"time_zone", city_.time_zone()},
                                                               {"origin_lat_deg", fmt::format("{:.17g}", origin.lat_deg)},
                                                               {"origin_lon_deg", fmt::format("{:.17g}", origin.lon_deg)}};
    for (const auto& [key, value] : values) {
      row->bind(0, key);
      row->bind(1, std::string_view(value));
      if (auto done = row->run(); !done) return done;
    }
    auto source = database_.prepare("INSERT INTO source (title, licence, attribution, date) VALUES (?, ?, ?, ?)");
    if (!source) return std::unexpected(source.error());
    for (const Source& s : city_.columns().sources) {
      source->bind(0, city_.text(s.title));
      source->bind(1, city_.text(s.licence));
      source->bind(2, city_.text(s.attribution));
      source->bind(3, city_.text(s.date));
      if (auto done = source->run(); !done) return done;
    }
    return {};
  }

  Result<void> write_layer(FeatureKind kind) {
    const Run run = city_.of_kind(kind);
    if (run.count == 0) return {};
    const std::string_view layer = name_of(kind);
    const auto features = city_.features().subspan(run.first, run.count);
    SchemaColumns columns;
    with_detail(city_, features[0], [&](const auto& detail) { fields(columns, detail); });
    const std::string_view type = geometry_name(features);
    auto done = database_.run(fmt::format(
        "CREATE TABLE {0} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {1}, id TEXT NOT NULL UNIQUE, name TEXT{2}, "
        "house_number TEXT, street TEXT, postcode TEXT, city TEXT, source INTEGER, attributes TEXT);"
        "CREATE VIRTUAL TABLE rtree_{0}_geom USING rtree(id, minx, maxx, miny, maxy);"
        "INSERT INTO gpkg_extensions VALUES ('{0}', 'geom', 'gpkg_rtree_index', "
        "'http://www.geopackage.org/spec120/#extension_rtree', "
        "'write-only')",
        layer, type, columns.sql));
    if (!done) return done;
    std::string marks;
    for (int i = 0; i < columns.count + 9; ++i) marks += i == 0 ? "?" : ", ?";
    auto row = database_.prepare(fmt::format("INSERT INTO {} VALUES (NULL, {})", layer, marks));
    if (!row) return std::unexpected(row.error());
    auto index = database_.prepare(fmt::format("INSERT INTO rtree_{}_geom VALUES (?, ?, ?, ?, ?)", layer));
    if (!index) return std::unexpected(index.error());
    geo::Box2d all;
    for (std::size_t i = 0; i < features.size(); ++i) {
      const geo::Box2d box = to_blob(city_, features[i].geometry, blob_);
      all.extend(box);
      if (done = write_row(*row, features[i], columns.count); !done) return done;
      index->bind(0, static_cast<std::int64_t>(i + 1));
      index->bind(1, box.low.x);
      index->bind(2, box.high.x);
      index->bind(3, box.low.y);
      index->bind(4, box.high.y);
      if (done = index->run(); !done) return done;
    }
    return database_.run(
        fmt::format("INSERT INTO gpkg_contents VALUES ('{0}', 'features', '{0}', '', '{1}', {2:.17g}, {3:.17g}, {4:.17g}, "
                    "{5:.17g}, 4326); INSERT INTO gpkg_geometry_columns VALUES ('{0}', 'geom', '{6}', 4326, 0, 0);",
                    layer, changed_, all.low.x, all.low.y, all.high.x, all.high.y, type) +
        fmt::format(fmt::runtime(kIndexTriggers), layer));
  }

  Result<void> write_row(Statement& row, const Feature& f, int columns) {
    const std::string id = to_string(f.id);
    row.bind_blob(0, blob_);
    row.bind(1, std::string_view(id));
    const auto bind_text = [&](int parameter, TextRef text) {
      if (text.empty())
        row.bind_null(parameter);
      else
        row.bind(parameter, city_.text(text));
    };
    bind_text(2, f.name);
    Binder binder(city_, row, 3);
    with_detail(city_, f, [&](const auto& detail) { fields(binder, detail); });
    const int rest = 3 + columns;
    const Address address = f.address == kNone ? Address{} : city_.columns().addresses[f.address];
    bind_text(rest, address.house_number);
    bind_text(rest + 1, address.street);
    bind_text(rest + 2, address.postcode);
    bind_text(rest + 3, address.city);
    if (f.source == kNone)
      row.bind_null(rest + 4);
    else
      row.bind(rest + 4, std::int64_t{f.source} + 1);
    std::string json;
    if (f.attributes.count == 0) {
      row.bind_null(rest + 5);
    } else {
      pairs_.clear();
      for (const Attribute& a : city_.attributes(f)) pairs_.emplace_back(city_.text(a.key), city_.text(a.value));
      json = to_json(pairs_);
      row.bind(rest + 5, std::string_view(json));
    }
    return row.run();
  }

  Result<void> write_lines() {
    for (const auto& [table, description] :
         {std::pair{"line_pattern", "Courses of lines of transport"},
          {"line_pattern_stop", "Stops of a course, in order; seconds after the first departure"},
          {"line_trip", "Departures from the first stop, seconds after midnight; days: bit 0 is Monday"}}) {
      if (auto done = add_table(table, description); !done) return done;
    }
    auto pattern_row = database_.prepare("INSERT INTO line_pattern VALUES (?, ?)");
    auto stop_row = database_.prepare("INSERT INTO line_pattern_stop VALUES (NULL, ?, ?, ?, ?)");
    auto trip_row = database_.prepare("INSERT INTO line_trip VALUES (NULL, ?, ?, ?)");
    for (auto* statement : {&pattern_row, &stop_row, &trip_row}) {
      if (!*statement) return std::unexpected(statement->error());
    }
    const Run lines = city_.of_kind(FeatureKind::line);
    const CityColumns& c = city_.columns();
    for (const Feature& f : city_.features().subspan(lines.first, lines.count)) {
      const Run patterns = city_.line(f).patterns;
      const std::string line = to_string(f.id);
      for (std::uint32_t p = patterns.first; p < patterns.first + patterns.count; ++p) {
        const auto number = static_cast<std::int64_t>(p) + 1;
        pattern_row->bind(0, number);
        pattern_row->bind(1, std::string_view(line));
        if (auto done = pattern_row->run(); !done) return done;
        if (auto done = write_pattern(c.patterns[p], number, *stop_row, *trip_row); !done) return done;
      }
    }
    return {};
  }

  Result<void> write_pattern(const Pattern& pattern, std::int64_t number, Statement& stop_row, Statement& trip_row) {
    const CityColumns& c = city_.columns();
    for (const PatternStop& stop : c.pattern_stops.values().subspan(pattern.stops.first, pattern.stops.count)) {
      const std::string id = stop.stop == kNone ? std::string() : to_string(city_.feature(stop.stop).id);
      stop_row.bind(0, number);
      if (id.empty())
        stop_row.bind_null(1);
      else
        stop_row.bind(1, std::string_view(id));
      stop_row.bind(2, std::int64_t{stop.arrival_s});
      stop_row.bind(3, std::int64_t{stop.departure_s});
      if (auto done = stop_row.run(); !done) return done;
    }
    for (const Trip& trip : c.trips.values().subspan(pattern.trips.first, pattern.trips.count)) {
      trip_row.bind(0, number);
      trip_row.bind(1, std::int64_t{trip.departure_s});
      trip_row.bind(2, std::int64_t{trip.days});
      if (auto done = trip_row.run(); !done) return done;
    }
    return {};
  }

  const City& city_;
  Database& database_;
  std::string changed_;
  std::string blob_;
  std::vector<std::pair<std::string_view, std::string_view>> pairs_;
};

}  // namespace

Result<void> write_geopackage(const City& city, const std::filesystem::path& path) {
  if (std::filesystem::exists(path))
    return base::fail(base::ErrorCode::conflict,
                      fmt::format("{}: is there already; a GeoPackage is written anew", path.string()));
  auto database = Database::open(path, storage::OpenMode::create);
  if (!database) return std::unexpected(database.error());
  // 'GPKG' and version 1.3.0 (clause 1.1.1.1.1). Nothing is lost without a journal: an unfinished file is never renamed.
  auto done = database->run(
      "PRAGMA page_size = 4096; PRAGMA application_id = 1196444487; PRAGMA user_version = 10300; "
      "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE");
  if (!done) return done;
  auto transaction = storage::Transaction::begin(*database);
  if (!transaction) return std::unexpected(transaction.error());
  if (done = Writer(city, *database).write(); !done) return done;
  return transaction->commit();
}

}  // namespace citiverse::city
