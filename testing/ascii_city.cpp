// Reading drawings: areas are traced around their cells, lines followed through them.
#include "testing/ascii_city.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "city/city_builder.h"

namespace citiverse::testing_fixtures {
namespace {

using city::FeatureId;
using city::FeatureKind;
using geo::Vec2d;

struct Cell {
  int column = 0;
  int row = 0;  ///< From the north.
  friend auto operator<=>(const Cell&, const Cell&) = default;
};
constexpr std::array<Cell, 4> kSteps = {{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};

Cell operator+(Cell a, Cell b) { return {a.column + b.column, a.row + b.row}; }

class Drawing {
 public:
  Drawing(std::string_view text, const AsciiCityOptions& options) : options_(options), builder_("Drawing", {43.735, 7.42}) {
    read(text);
    add_terrain();
  }

  city::City build() && {
    add_areas("#", FeatureKind::building);
    for (const char* digit : {"1", "2", "3", "4", "5", "6", "7", "8", "9"}) add_areas(digit, FeatureKind::building);
    add_areas("~", FeatureKind::water);
    add_areas("\"", FeatureKind::green);
    add_areas(":", FeatureKind::paved);
    add_lines();
    add_points();
    return std::move(builder_).build();
  }

 private:
  void read(std::string_view text) {
    while (!text.empty()) {
      const auto end = std::min(text.find('\n'), text.size());
      rows_.emplace_back(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!rows_.empty() && rows_.front().empty()) rows_.erase(rows_.begin());
    if (!rows_.empty() && rows_.back().find_first_not_of(' ') == std::string::npos) rows_.pop_back();
    for (const auto& row : rows_) columns_ = std::max(columns_, static_cast<int>(row.size()));
    for (auto& row : rows_) {
      row.resize(static_cast<std::size_t>(columns_), '.');
      CITIVERSE_CHECK(row.find_first_not_of(".#123456789=B-%T~\":PS") == std::string::npos, "every letter has a meaning");
    }
  }

  char at(Cell c) const {
    if (c.row < 0 || c.column < 0 || c.row >= static_cast<int>(rows_.size()) || c.column >= columns_) return '.';
    return rows_[static_cast<std::size_t>(c.row)][static_cast<std::size_t>(c.column)];
  }
  bool touches(Cell c, char letter) const {
    return std::ranges::any_of(kSteps, [&](Cell s) { return at(c + s) == letter; });
  }
  /// Bridges count as the water, trees as the green that they stand in.
  bool is_area(Cell c, char letter) const {
    const char here = at(c);
    return here == letter || (letter == '~' && here == 'B' && touches(c, '~')) ||
           (letter == '"' && here == 'T' && touches(c, '"'));
  }
  Vec2d corner(int column, int row) const {
    return {column * options_.cell_m, (static_cast<double>(rows_.size()) - row) * options_.cell_m};
  }
  Vec2d middle(Cell c) const {
    return {(c.column + 0.5) * options_.cell_m, (static_cast<double>(rows_.size()) - c.row - 0.5) * options_.cell_m};
  }
  template <class F>
  void for_each_cell(F&& f) const {
    for (int row = 0; row < static_cast<int>(rows_.size()); ++row) {
      for (int column = 0; column < columns_; ++column) f(Cell{column, row});
    }
  }
  FeatureId next_id(FeatureKind kind) {
    return FeatureId::of(kind, city::IdSource::generated, ++counts_[static_cast<std::size_t>(kind)]);
  }

  void add_terrain() {
    if (!options_.height) return;
    const double step = options_.terrain_step_m;
    const Vec2d origin{-2 * step, -2 * step};
    const auto samples = [&](double extent) { return static_cast<std::uint32_t>(std::ceil(extent / step)) + 5; };
    const std::uint32_t columns = samples(columns_ * options_.cell_m);
    const std::uint32_t rows = samples(static_cast<double>(rows_.size()) * options_.cell_m);
    std::vector<float> heights;
    for (std::uint32_t row = 0; row < rows; ++row) {
      for (std::uint32_t column = 0; column < columns; ++column) {
        heights.push_back(static_cast<float>(options_.height({origin.x + column * step, origin.y + row * step})));
      }
    }
    builder_.set_terrain(city::Terrain(origin, step, columns, rows, city::Column(std::move(heights))));
  }

  void add_areas(std::string_view letter, FeatureKind kind) {
    std::set<Cell> done;
    for_each_cell([&](Cell c) {
      if (!is_area(c, letter[0]) || done.contains(c)) return;
      std::set<Cell> area = {c};
      std::vector<Cell> waiting = {c};
      while (!waiting.empty()) {
        const Cell next = waiting.back();
        waiting.pop_back();
        for (const Cell s : kSteps) {
          if (is_area(next + s, letter[0]) && area.insert(next + s).second) waiting.push_back(next + s);
        }
      }
      done.insert(area.begin(), area.end());
      add_area(area, letter[0], kind);
    });
  }

  /// The sides of the cells that have no neighbour in the area, joined to rings with the area on their left.
  void add_area(const std::set<Cell>& area, char letter, FeatureKind kind) {
    std::multimap<Cell, Cell> sides;  // From corner to corner; corners are named as the cell to their south-east.
    for (const Cell c : area) {
      const Cell nw = c, ne = c + Cell{1, 0}, sw = c + Cell{0, 1}, se = c + Cell{1, 1};
      if (!area.contains(c + Cell{0, 1})) sides.emplace(sw, se);
      if (!area.contains(c + Cell{1, 0})) sides.emplace(se, ne);
      if (!area.contains(c + Cell{0, -1})) sides.emplace(ne, nw);
      if (!area.contains(c + Cell{-1, 0})) sides.emplace(nw, sw);
    }
    std::vector<std::vector<Vec2d>> holes;
    std::vector<Vec2d> outer;
    while (!sides.empty()) {
      std::vector<Vec2d> ring = follow_ring(sides);
      double area_twice = 0;
      for (std::size_t i = 0; i < ring.size(); ++i) area_twice += geo::cross(ring[i], ring[(i + 1) % ring.size()]);
      if (area_twice > 0) {
        outer = std::move(ring);
      } else {
        holes.push_back(std::move(ring));
      }
    }
    city::Geometry geometry = builder_.begin(city::GeometryType::polygons);
    builder_.add_part(geometry, outer);
    for (const auto& hole : holes) builder_.add_part(geometry, hole, true);
    add_area_feature(geometry, letter, kind);
  }

  std::vector<Vec2d> follow_ring(std::multimap<Cell, Cell>& sides) const {
    std::vector<Cell> corners;
    const Cell start = sides.begin()->first;
    Cell at = start;
    Cell came{0, 0};
    do {
      auto [low, high] = sides.equal_range(at);
      auto next = low;
      // Where two rings touch at a corner the sharper left turn keeps the area's own cell.
      for (auto i = low; i != high; ++i) {
        const Cell go{i->second.column - at.column, i->second.row - at.row};
        if (came.column * go.row - came.row * go.column < 0) next = i;
      }
      const Cell go{next->second.column - at.column, next->second.row - at.row};
      if (go != came) corners.push_back(at);
      came = go;
      at = next->second;
      sides.erase(next);
    } while (at != start);
    std::vector<Vec2d> ring;
    for (const Cell c : corners) ring.push_back(corner(c.column, c.row));
    return ring;
  }

  void add_area_feature(const city::Geometry& geometry, char letter, FeatureKind kind) {
    const FeatureId id = next_id(kind);
    if (kind == FeatureKind::building) {
      const auto levels = static_cast<std::uint16_t>(letter == '#' ? options_.building_height_m / 3 : letter - '0');
      const double height_m = letter == '#' ? options_.building_height_m : levels * 3.0;
      builder_.add(
          id, geometry, {},
          city::Building{.height_m = static_cast<float>(height_m), .people = options_.building_people, .levels = levels});
    } else if (kind == FeatureKind::water) {
      builder_.add(id, geometry, {}, city::Water{.water_class = city::WaterClass::lake});
    } else if (kind == FeatureKind::green) {
      builder_.add(id, geometry, {}, city::Green{.green_class = city::GreenClass::park});
    } else {
      builder_.add(id, geometry, {}, city::Paved{.paved_class = city::PavedClass::square});
    }
  }

  static bool is_line(char c) { return c == '=' || c == 'B' || c == '-' || c == '%'; }
  static bool meet(char a, char b) { return is_line(a) && is_line(b) && (a == '%') == (b == '%'); }
  /// The letter of the way between two cells that meet: footways and bridges reach into the street's cell.
  char letter_between(Cell a, Cell b) const {
    if (at(a) == at(b)) return at(a);
    return at(a) == '-' || at(b) == '-' ? '-' : 'B';
  }
  std::vector<Cell> line_neighbours(Cell c) const {
    std::vector<Cell> found;
    for (const Cell s : kSteps) {
      if (meet(at(c), at(c + s))) found.push_back(c + s);
    }
    return found;
  }
  bool is_line_end(Cell c) const {
    const auto neighbours = line_neighbours(c);
    return neighbours.size() != 2 || letter_between(c, neighbours[0]) != letter_between(c, neighbours[1]);
  }

  void add_lines() {
    std::set<std::pair<Cell, Cell>> done;
    const auto follow = [&](Cell start) {
      for (const Cell first : line_neighbours(start)) {
        if (done.contains({start, first})) continue;
        const char letter = letter_between(start, first);
        std::vector<Cell> way = {start};
        for (Cell from = start, to = first;;) {
          done.insert({from, to});
          done.insert({to, from});
          way.push_back(to);
          if (to == start || is_line_end(to)) break;
          const auto neighbours = line_neighbours(to);
          const Cell next = neighbours[0] == from ? neighbours[1] : neighbours[0];
          from = std::exchange(to, next);
        }
        add_line(way, letter);
      }
    };
    for_each_cell([&](Cell c) {
      if (is_line(at(c)) && is_line_end(c)) follow(c);
    });
    for_each_cell([&](Cell c) {  // What is left are rings without a crossing.
      if (is_line(at(c))) follow(c);
    });
  }

  void add_line(const std::vector<Cell>& way, char letter) {
    std::vector<Vec2d> points;
    for (std::size_t i = 0; i < way.size(); ++i) {
      const bool straight = i > 0 && i + 1 < way.size() && way[i - 1].column + way[i + 1].column == 2 * way[i].column &&
                            way[i - 1].row + way[i + 1].row == 2 * way[i].row;
      if (!straight) points.push_back(middle(way[i]));
    }
    city::Geometry geometry = builder_.begin(city::GeometryType::lines);
    builder_.add_part(geometry, points);
    if (letter == '%') {
      builder_.add(next_id(FeatureKind::rail), geometry, {}, city::Rail{});
      return;
    }
    city::Street street;
    constexpr auto kAll = static_cast<std::uint8_t>(city::kWalk | city::kCycle | city::kDrive);
    if (letter == '-') {
      street.street_class = city::StreetClass::footway;
      street.width_m = 2;
      street.forward = street.backward = city::kWalk;
    } else {
      street.width_m = static_cast<float>(options_.street_width_m);
      street.pavement_left_m = street.pavement_right_m = static_cast<float>(options_.pavement_m);
      street.forward = street.backward = kAll;
      street.speed_kmh = 50;
      street.lanes_forward = street.lanes_backward = 1;
    }
    if (letter == 'B') {
      street.structure = city::Structure::bridge;
      street.layer = 1;
    }
    const FeatureId id = next_id(FeatureKind::street);
    builder_.add(id, geometry, builder_.text("Street " + std::to_string(id.number())), street);
  }

  void add_points() {
    for_each_cell([&](Cell c) {
      const char letter = at(c);
      if (letter != 'T' && letter != 'P' && letter != 'S') return;
      city::Geometry geometry = builder_.begin(city::GeometryType::point);
      const Vec2d point = middle(c);
      builder_.add_part(geometry, std::span(&point, 1));
      if (letter == 'T') {
        builder_.add(next_id(FeatureKind::tree), geometry, {}, city::Tree{});
      } else if (letter == 'P') {
        const FeatureId id = next_id(FeatureKind::place);
        city::Place shop;
        shop.subtype = builder_.text("bakery");
        shop.place_class = city::PlaceClass::shop;
        builder_.add(id, geometry, builder_.text("Shop " + std::to_string(id.number())), shop);
      } else {
        const FeatureId id = next_id(FeatureKind::stop);
        builder_.add(id, geometry, builder_.text("Stop " + std::to_string(id.number())), city::Stop{});
      }
    });
  }

  AsciiCityOptions options_;
  city::CityBuilder builder_;
  std::vector<std::string> rows_;
  int columns_ = 0;
  std::array<std::uint64_t, city::kFeatureKinds> counts_{};
};

}  // namespace

city::City ascii_city(std::string_view drawing, const AsciiCityOptions& options) { return Drawing(drawing, options).build(); }

}  // namespace citiverse::testing_fixtures
