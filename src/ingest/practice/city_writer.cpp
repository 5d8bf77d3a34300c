// Writing the draft, kind by kind, always in the same order.
#include "ingest/practice/city_writer.h"

#include <algorithm>

#include <fmt/format.h>

namespace citiverse::ingest::practice {

using city::FeatureKind;

CityWriter::CityWriter(const Draft& draft, const Names& names, city::CityBuilder& builder)
    : draft_(draft), names_(names), builder_(builder) {
  source_ = builder.add_source(
      {fmt::format("Practice city, generated from seed {}", draft.setting.seed()), "CC0-1.0", "CitiVerse practice city", ""});
}

city::FeatureId CityWriter::next_id(FeatureKind kind) {
  return city::FeatureId::of(kind, city::IdSource::generated, ++numbers_[static_cast<std::size_t>(kind)]);
}

city::Geometry CityWriter::areas(const Polygon& polygon) {
  city::Geometry geometry = builder_.begin(city::GeometryType::polygons);
  builder_.add_part(geometry, polygon.outer);
  for (const Path& hole : polygon.holes) builder_.add_part(geometry, hole, true);
  return geometry;
}

city::Geometry CityWriter::line(const Path& path) {
  city::Geometry geometry = builder_.begin(city::GeometryType::lines);
  builder_.add_part(geometry, path);
  return geometry;
}

city::Geometry CityWriter::point(Vec2d p) {
  city::Geometry geometry = builder_.begin(city::GeometryType::point);
  builder_.add_part(geometry, std::span(&p, 1));
  return geometry;
}

template <class Detail>
city::FeatureIndex CityWriter::add(FeatureKind kind, const city::Geometry& geometry, const Name& name, const Detail& detail) {
  const city::FeatureIndex feature = builder_.add(next_id(kind), geometry, builder_.text(name.local), detail);
  builder_.set_source(feature, source_);
  std::vector<city::Attribute> attributes;
  const std::pair<const char*, const std::string*> languages[] = {
      {"name:en", &name.en}, {"name:fr", &name.fr}, {"name:es", &name.es}, {"name:ar", &name.ar}};
  for (const auto& [key, value] : languages)
    if (!value->empty()) attributes.push_back({builder_.text(key), builder_.text(*value)});
  if (!attributes.empty()) builder_.set_attributes(feature, attributes);
  return feature;
}

void CityWriter::set_address(city::FeatureIndex feature, const House& house) {
  if (house.street >= draft_.ways.size()) return;
  builder_.set_address(feature, {house.number, draft_.ways[house.street].name.local, {}, names_.city().local});
}

void CityWriter::write_streets() {
  for (const Way& way : draft_.ways) {
    add(FeatureKind::street, line(way.path), way.name, way.street);
    if (way.kind != LineKind::bridge) continue;
    const Vec2d across =
        left_of(unit(way.path.back() - way.path.front())) * (way.street.width_m / 2 + way.street.pavement_left_m + 0.4);
    const Polygon deck{
        {way.path.front() - across, way.path.back() - across, way.path.back() + across, way.path.front() + across}, {}};
    add(FeatureKind::bridge, areas(deck), way.name, city::Bridge{});
  }
}

void CityWriter::write_buildings(const std::vector<PlannedPlace>& places) {
  // A building that stands for something bears the name of the place in it.
  std::vector<Name> names(draft_.town.houses.all().size());
  for (const PlannedPlace& p : places)
    if (p.house < names.size() && !draft_.town.houses.all()[p.house].name.empty()) names[p.house] = p.name;
  std::size_t index = 0;
  for (const House& h : draft_.town.houses.all()) {
    city::Building b;
    b.height_m = static_cast<float>(h.eaves_m + h.roof_m);
    b.roof_height_m = static_cast<float>(h.roof_m);
    b.roof_direction_deg = static_cast<float>(h.roof_direction_deg);
    b.homes = h.homes;
    b.people = h.people;
    b.jobs = h.jobs;
    b.levels = static_cast<std::uint16_t>(h.levels);
    b.year_built = static_cast<std::uint16_t>(h.year);
    b.use = h.use;
    b.roof = h.roof;
    b.roof_orientation = h.orientation;
    b.has_parts = !h.parts.empty();
    const city::FeatureIndex building = add(FeatureKind::building, areas({h.outline, {}}), names[index++], b);
    set_address(building, h);
    for (const HousePart& p : h.parts) {
      city::Building part;
      part.height_m = static_cast<float>(p.eaves_m + p.roof_m);
      part.min_height_m = static_cast<float>(p.bottom_m);
      part.roof_height_m = static_cast<float>(p.roof_m);
      part.use = h.use;
      part.roof = p.roof;
      part.roof_orientation = p.orientation;
      part.year_built = b.year_built;
      part.parent = building;
      add(FeatureKind::building_part, areas({p.outline, {}}), {}, part);
    }
  }
}

void CityWriter::write_water_and_green() {
  city::Water river;
  river.water_class = city::WaterClass::river;
  add(FeatureKind::water, areas(draft_.setting.river()), names_.river(), river);
  city::Water pond;
  pond.water_class = city::WaterClass::pond;
  for (const Polygon& p : draft_.greenery.ponds) add(FeatureKind::water, areas(p), {}, pond);
  for (const GreenArea& g : draft_.greenery.areas)
    add(FeatureKind::green, areas(g.area), g.is_named ? draft_.block_names[g.block] : Name{}, city::Green{g.green});
  for (const GreenArea& g : draft_.greenery.leisure) add(FeatureKind::green, areas(g.area), Name{}, city::Green{g.green});
  city::Water fountain;
  fountain.water_class = city::WaterClass::fountain;
  for (const Polygon& p : draft_.greenery.fountains) add(FeatureKind::water, areas(p), Name{}, fountain);
  city::Paved parking;
  parking.paved_class = city::PavedClass::parking;
  parking.surface = city::Surface::asphalt;
  for (const Polygon& p : draft_.greenery.car_parks) add(FeatureKind::paved, areas(p), Name{}, parking);
  for (const PlantedTree& t : draft_.greenery.trees) add(FeatureKind::tree, point(t.foot), {}, t.tree);
}

void CityWriter::write_railway() {
  const Path& course = draft_.plan.railway();
  const Setting& setting = draft_.setting;
  for (const double away : {-2.2, 2.2}) {
    Path track;
    for (std::size_t i = 0; i < course.size(); ++i) {
      const Vec2d before = course[i == 0 ? 0 : i - 1], after = course[std::min(i + 1, course.size() - 1)];
      const Vec2d p = course[i] + left_of(unit(after - before)) * away;
      if (setting.is_inside(p, 2)) track.push_back(p);
    }
    add(FeatureKind::rail, line(track), {}, city::Rail{});
  }
  // Platforms on both sides of the two tracks.
  for (const double side : {-1.0, 1.0}) {
    const Vec2d centre = setting.is_inside(draft_.plan.station())
                             ? draft_.plan.station() + left_of(draft_.plan.station_direction()) * (side * 6.6)
                             : Vec2d{};
    city::Paved platform;
    platform.paved_class = city::PavedClass::platform;
    platform.surface = city::Surface::paving;
    add(FeatureKind::paved, areas({rectangle(centre, draft_.plan.station_direction(), 150, 4.4), {}}), {}, platform);
  }
}

void CityWriter::write_squares() {
  for (std::size_t i = 0; i < draft_.blocks.size(); ++i) {
    const Block& block = draft_.blocks[i];
    const bool square = block.use == BlockUse::market || block.use == BlockUse::minster ||
                        block.use == BlockUse::small_square || block.use == BlockUse::station_square;
    city::LandUse land_use;
    for (const Polygon& land : block.land) {
      city::Paved paved;
      paved.surface = city::Surface::sett;
      if (square) add(FeatureKind::paved, areas(land), draft_.block_names[i], paved);
      if (block.use == BlockUse::hospital) land_use.land_use_class = city::LandUseClass::health;
      if (block.use == BlockUse::school || block.use == BlockUse::kindergarten || block.use == BlockUse::university)
        land_use.land_use_class = city::LandUseClass::education;
      if (block.use == BlockUse::sports) land_use.land_use_class = city::LandUseClass::sport;
      if (block.use == BlockUse::built)
        land_use.land_use_class =
            block.zone == Zone::industry ? city::LandUseClass::industrial : city::LandUseClass::residential;
      if (land_use.land_use_class != city::LandUseClass::other) add(FeatureKind::land_use, areas(land), {}, land_use);
    }
    if (block.use == BlockUse::railway) {
      land_use.land_use_class = city::LandUseClass::railway;
      add(FeatureKind::land_use, areas({block.face, {}}), {}, land_use);
    }
  }
}

void CityWriter::write_barriers() {
  for (const Hedge& h : draft_.town.hedges) {
    city::Barrier barrier;
    barrier.barrier_class = h.barrier;
    barrier.height_m = h.barrier == city::BarrierClass::city_wall ? 6.0f : 1.4f;
    add(FeatureKind::barrier, line(h.line), {}, barrier);
  }
}

void CityWriter::write_areas() {
  const double h = draft_.setting.half_size_m();
  city::Area municipality;
  municipality.area_class = city::AreaClass::municipality;
  municipality.admin_level = 8;
  municipality.population = draft_.setting.people();
  add(FeatureKind::area, areas({{{-h, -h}, {h, -h}, {h, h}, {-h, h}}, {}}), names_.city(), municipality);
  for (const District& d : draft_.districts) {
    if (d.areas.empty()) continue;
    city::Area district;
    district.area_class = city::AreaClass::district;
    district.admin_level = 9;
    district.population = d.people;
    city::Geometry geometry = builder_.begin(city::GeometryType::polygons);
    for (const Polygon& part : d.areas) {
      builder_.add_part(geometry, part.outer);
      for (const Path& hole : part.holes) builder_.add_part(geometry, hole, true);
    }
    add(FeatureKind::area, geometry, d.name, district);
  }
}

void CityWriter::write_places(const std::vector<PlannedPlace>& places) {
  for (const PlannedPlace& p : places) {
    city::Place place;
    place.subtype = builder_.text(p.subtype);
    place.opening_hours = builder_.text(p.opening_hours);
    place.capacity = p.capacity;
    place.place_class = p.place_class;
    place.wheelchair = p.wheelchair;
    const city::FeatureIndex feature = add(FeatureKind::place, point(p.point), p.name, place);
    if (p.house < draft_.town.houses.all().size()) set_address(feature, draft_.town.houses.all()[p.house]);
  }
}

void CityWriter::write_transit(const Transit& transit) {
  std::vector<city::FeatureIndex> stops;
  for (const PlannedStop& s : transit.stops) {
    city::Stop stop;
    stop.mode = s.mode;
    stop.is_station = s.is_station;
    stop.has_shelter = s.has_shelter;
    stop.wheelchair = s.mode == city::TransitMode::bus ? city::Wheelchair::limited : city::Wheelchair::yes;
    stop.code = builder_.text(fmt::format("{}", 1001 + stops.size()));
    stops.push_back(add(FeatureKind::stop, point(s.point), s.name, stop));
  }
  for (const PlannedLine& l : transit.lines) {
    city::Line detail;
    detail.reference = builder_.text(l.reference);
    detail.operator_name = builder_.text("Komuna Transporta");
    detail.from = builder_.text(l.from);
    detail.to = builder_.text(l.to);
    detail.colour_rgb = l.colour_rgb;
    detail.mode = l.mode;
    for (const PlannedCourse& c : l.courses) {
      std::vector<city::PatternStop> times = c.times;
      for (std::size_t i = 0; i < times.size(); ++i) times[i].stop = stops[c.stops[i]];
      const std::uint32_t pattern = builder_.add_pattern(times, c.trips);
      if (detail.patterns.count++ == 0) detail.patterns.first = pattern;
    }
    add(FeatureKind::line, line(l.course), Name{l.reference + " " + l.from + " – " + l.to, "", "", "", ""}, detail);
    if (l.mode == city::TransitMode::tram)
      add(FeatureKind::rail, line(l.course), {}, city::Rail{.rail_class = city::RailClass::tram});
  }
}

void CityWriter::write(const std::vector<PlannedPlace>& places, const Transit& transit) {
  write_streets();
  write_buildings(places);
  write_water_and_green();
  write_railway();
  write_squares();
  write_barriers();
  write_areas();
  write_places(places);
  write_transit(transit);
}

}  // namespace citiverse::ingest::practice
