// Writing the draft, kind by kind, always in the same order.
#include "ingest/practice/city_writer.h"

#include <algorithm>

#include <fmt/format.h>

namespace citiverse::ingest::practice {

using city::FeatureKind;

CityWriter::CityWriter(const Draft& draft, city::CityBuilder& builder) : draft_(draft), builder_(builder) {
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
city::FeatureIndex CityWriter::add(FeatureKind kind, const city::Geometry& geometry, std::string_view name,
                                   const Detail& detail) {
  const city::FeatureIndex feature = builder_.add(next_id(kind), geometry, builder_.text(name), detail);
  builder_.set_source(feature, source_);
  return feature;
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

void CityWriter::write_buildings() {
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
    const city::FeatureIndex building = add(FeatureKind::building, areas({h.outline, {}}), "", b);
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
      add(FeatureKind::building_part, areas({p.outline, {}}), "", part);
    }
  }
}

void CityWriter::write_water_and_green() {
  city::Water river;
  river.water_class = city::WaterClass::river;
  add(FeatureKind::water, areas(draft_.setting.river()), "", river);
  city::Water pond;
  pond.water_class = city::WaterClass::pond;
  for (const Polygon& p : draft_.greenery.ponds) add(FeatureKind::water, areas(p), "", pond);
  for (const GreenArea& g : draft_.greenery.areas) add(FeatureKind::green, areas(g.area), "", city::Green{g.green});
  for (const PlantedTree& t : draft_.greenery.trees) add(FeatureKind::tree, point(t.foot), "", t.tree);
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
    add(FeatureKind::rail, line(track), "", city::Rail{});
  }
  // Platforms on both sides of the two tracks.
  for (const double side : {-1.0, 1.0}) {
    const Vec2d centre = setting.is_inside(draft_.plan.station())
                             ? draft_.plan.station() + left_of(draft_.plan.station_direction()) * (side * 6.6)
                             : Vec2d{};
    city::Paved platform;
    platform.paved_class = city::PavedClass::platform;
    platform.surface = city::Surface::paving;
    add(FeatureKind::paved, areas({rectangle(centre, draft_.plan.station_direction(), 150, 4.4), {}}), "", platform);
  }
}

void CityWriter::write_squares() {
  for (const Block& block : draft_.blocks) {
    const bool square = block.use == BlockUse::market || block.use == BlockUse::minster ||
                        block.use == BlockUse::small_square || block.use == BlockUse::station_square;
    city::LandUse land_use;
    for (const Polygon& land : block.land) {
      city::Paved paved;
      paved.surface = city::Surface::sett;
      if (square) add(FeatureKind::paved, areas(land), "", paved);
      if (block.use == BlockUse::hospital) land_use.land_use_class = city::LandUseClass::health;
      if (block.use == BlockUse::school || block.use == BlockUse::kindergarten || block.use == BlockUse::university)
        land_use.land_use_class = city::LandUseClass::education;
      if (block.use == BlockUse::sports) land_use.land_use_class = city::LandUseClass::sport;
      if (block.use == BlockUse::built)
        land_use.land_use_class =
            block.zone == Zone::industry ? city::LandUseClass::industrial : city::LandUseClass::residential;
      if (land_use.land_use_class != city::LandUseClass::other) add(FeatureKind::land_use, areas(land), "", land_use);
    }
    if (block.use == BlockUse::railway) {
      land_use.land_use_class = city::LandUseClass::railway;
      add(FeatureKind::land_use, areas({block.face, {}}), "", land_use);
    }
  }
}

void CityWriter::write_barriers() {
  for (const Hedge& h : draft_.town.hedges) {
    city::Barrier barrier;
    barrier.barrier_class = h.barrier;
    barrier.height_m = h.barrier == city::BarrierClass::city_wall ? 6.0f : 1.4f;
    add(FeatureKind::barrier, line(h.line), "", barrier);
  }
}

void CityWriter::write() {
  write_streets();
  write_buildings();
  write_water_and_green();
  write_railway();
  write_squares();
  write_barriers();
}

}  // namespace citiverse::ingest::practice
