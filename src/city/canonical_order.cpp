// A walk over the features that copies what each refers to.
#include "city/canonical_order.h"

#include <vector>

#include "base/check.h"

namespace citiverse::city {
namespace {

class Walk {
 public:
  explicit Walk(const CityColumns& in) : in_(in), text_now_at_(in.texts.size(), kNone) {}

  CityColumns run() {
    reserve();
    for (const Feature& f : in_.features) features_.push_back(copied(f));
    std::vector<Source> sources;
    for (const Source& s : in_.sources) sources.push_back({text(s.title), text(s.licence), text(s.attribution), text(s.date)});
    CityColumns out;
    out.features = Column(std::move(features_));
    out.vertices = Column(std::move(vertices_));
    out.parts = Column(std::move(parts_));
    out.texts = Column(std::move(texts_));
    out.attributes = Column(std::move(attributes_));
    out.addresses = Column(std::move(addresses_));
    out.sources = Column(std::move(sources));
    out.buildings = Column(std::move(buildings_));
    out.streets = Column(std::move(streets_));
    out.rails = Column(std::move(rails_));
    out.waters = Column(std::move(waters_));
    out.greens = Column(std::move(greens_));
    out.land_uses = Column(std::move(land_uses_));
    out.paved = Column(std::move(paved_));
    out.bridges = Column(std::move(bridges_));
    out.barriers = Column(std::move(barriers_));
    out.trees = Column(std::move(trees_));
    out.places = Column(std::move(places_));
    out.stops = Column(std::move(stops_));
    out.areas = Column(std::move(areas_));
    out.lines = Column(std::move(lines_));
    out.patterns = Column(std::move(patterns_));
    out.pattern_stops = Column(std::move(pattern_stops_));
    out.trips = Column(std::move(trips_));
    return out;
  }

 private:
  void reserve() {
    features_.reserve(in_.features.size());
    vertices_.reserve(in_.vertices.size());
    parts_.reserve(in_.parts.size());
    texts_.reserve(in_.texts.size());
    attributes_.reserve(in_.attributes.size());
  }

  TextRef text(TextRef t) {
    if (t.empty()) return {};
    std::uint32_t& now_at = text_now_at_[t.first];
    if (now_at == kNone) {
      now_at = static_cast<std::uint32_t>(texts_.size());
      const auto bytes = in_.texts.values().subspan(t.first, t.count);
      texts_.insert(texts_.end(), bytes.begin(), bytes.end());
    }
    return {now_at, t.count};
  }

  std::uint32_t address(std::uint32_t row) {
    if (row == kNone) return kNone;
    const Address& a = in_.addresses[row];
    addresses_.push_back({text(a.house_number), text(a.street), text(a.postcode), text(a.city)});
    return static_cast<std::uint32_t>(addresses_.size() - 1);
  }

  Feature copied(const Feature& f) {
    Feature out = f;
    out.geometry.parts.first = static_cast<std::uint32_t>(parts_.size());
    for (const Part& part : in_.parts.values().subspan(f.geometry.parts.first, f.geometry.parts.count)) {
      parts_.push_back({static_cast<std::uint32_t>(vertices_.size()), part.count, part.is_hole});
      const auto points = in_.vertices.values().subspan(part.first, part.count);
      vertices_.insert(vertices_.end(), points.begin(), points.end());
    }
    out.name = text(f.name);
    out.attributes.first = f.attributes.count == 0 ? 0 : static_cast<std::uint32_t>(attributes_.size());
    for (const Attribute& a : in_.attributes.values().subspan(f.attributes.first, f.attributes.count))
      attributes_.push_back({text(a.key), text(a.value)});
    out.address = address(f.address);
    out.detail = f.id.kind() == FeatureKind::address ? out.address : detail(f);
    return out;
  }

  template <class T>
  std::uint32_t take(const Column<T>& from, std::uint32_t row, std::vector<T>& to) {
    to.push_back(from[row]);
    return static_cast<std::uint32_t>(to.size() - 1);
  }

  std::uint32_t detail(const Feature& f) {
    switch (f.id.kind()) {
      case FeatureKind::building:
      case FeatureKind::building_part: return take(in_.buildings, f.detail, buildings_);
      case FeatureKind::street: return take(in_.streets, f.detail, streets_);
      case FeatureKind::rail: return take(in_.rails, f.detail, rails_);
      case FeatureKind::water: return take(in_.waters, f.detail, waters_);
      case FeatureKind::green: return take(in_.greens, f.detail, greens_);
      case FeatureKind::land_use: return take(in_.land_uses, f.detail, land_uses_);
      case FeatureKind::paved: return take(in_.paved, f.detail, paved_);
      case FeatureKind::bridge: return take(in_.bridges, f.detail, bridges_);
      case FeatureKind::barrier: return take(in_.barriers, f.detail, barriers_);
      case FeatureKind::tree: return take(in_.trees, f.detail, trees_);
      case FeatureKind::area: return take(in_.areas, f.detail, areas_);
      case FeatureKind::place: {
        Place p = in_.places[f.detail];
        for (TextRef* t : {&p.subtype, &p.opening_hours, &p.website, &p.phone, &p.operator_name}) *t = text(*t);
        places_.push_back(p);
        return static_cast<std::uint32_t>(places_.size() - 1);
      }
      case FeatureKind::stop: {
        Stop s = in_.stops[f.detail];
        s.code = text(s.code);
        stops_.push_back(s);
        return static_cast<std::uint32_t>(stops_.size() - 1);
      }
      case FeatureKind::line: return line(in_.lines[f.detail]);
      case FeatureKind::address: break;
    }
    CITIVERSE_CHECK(false, "a feature has a kind");
    return kNone;
  }

  std::uint32_t line(Line l) {
    for (TextRef* t : {&l.reference, &l.operator_name, &l.from, &l.to}) *t = text(*t);
    const auto patterns = in_.patterns.values().subspan(l.patterns.first, l.patterns.count);
    l.patterns.first = l.patterns.count == 0 ? 0 : static_cast<std::uint32_t>(patterns_.size());
    for (const Pattern& pattern : patterns) {
      patterns_.push_back({{static_cast<std::uint32_t>(pattern_stops_.size()), pattern.stops.count},
                           {static_cast<std::uint32_t>(trips_.size()), pattern.trips.count}});
      const auto stops = in_.pattern_stops.values().subspan(pattern.stops.first, pattern.stops.count);
      pattern_stops_.insert(pattern_stops_.end(), stops.begin(), stops.end());
      const auto trips = in_.trips.values().subspan(pattern.trips.first, pattern.trips.count);
      trips_.insert(trips_.end(), trips.begin(), trips.end());
    }
    lines_.push_back(l);
    return static_cast<std::uint32_t>(lines_.size() - 1);
  }

  const CityColumns& in_;
  std::vector<std::uint32_t> text_now_at_;  // By the first byte of a text in the old pool.
  std::vector<Feature> features_;
  std::vector<geo::Vec2d> vertices_;
  std::vector<Part> parts_;
  std::vector<char> texts_;
  std::vector<Attribute> attributes_;
  std::vector<Address> addresses_;
  std::vector<Building> buildings_;
  std::vector<Street> streets_;
  std::vector<Rail> rails_;
  std::vector<Water> waters_;
  std::vector<Green> greens_;
  std::vector<LandUse> land_uses_;
  std::vector<Paved> paved_;
  std::vector<Bridge> bridges_;
  std::vector<Barrier> barriers_;
  std::vector<Tree> trees_;
  std::vector<Place> places_;
  std::vector<Stop> stops_;
  std::vector<Area> areas_;
  std::vector<Line> lines_;
  std::vector<Pattern> patterns_;
  std::vector<PatternStop> pattern_stops_;
  std::vector<Trip> trips_;
};

}  // namespace

CityColumns in_canonical_order(const CityColumns& columns) { return Walk(columns).run(); }

}  // namespace citiverse::city
