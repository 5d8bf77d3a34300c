// A saved plan comes from anybody: whatever its bytes are, it is loaded or refused, and what is loaded can be saved again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "city/city_builder.h"
#include "plan/planned_city.h"
#include "plan/saved_plan.h"

namespace {

const citiverse::city::City& fuzz_city() {
  using namespace citiverse;
  static const city::City made = [] {
    city::CityBuilder builder("Town", {48, 11});
    const geo::Vec2d house[] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}};
    city::Geometry outline = builder.begin(city::GeometryType::polygons);
    builder.add_part(outline, house);
    builder.add(city::FeatureId::of(city::FeatureKind::building, city::IdSource::generated, 1), outline, {}, city::Building{});
    const geo::Vec2d way[] = {{-100, -20}, {100, -20}};
    city::Geometry line = builder.begin(city::GeometryType::lines);
    builder.add_part(line, way);
    builder.add(city::FeatureId::of(city::FeatureKind::street, city::IdSource::generated, 1), line, {}, city::Street{});
    const geo::Vec2d far[] = {{0, 200}};
    city::Geometry point = builder.begin(city::GeometryType::point);
    builder.add_part(point, far);
    builder.add(city::FeatureId::of(city::FeatureKind::stop, city::IdSource::generated, 1), point, {}, city::Stop{});
    return std::move(builder).build();
  }();
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse::plan;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto loaded = load_plan(text, fuzz_city(), 1, {.author = 1});
  if (!loaded) return 0;
  const auto city = planned_city(fuzz_city(), loaded->plan.state());
  const std::string saved = saved_plan(loaded->plan, loaded->header);
  const auto again = load_plan(saved, fuzz_city(), 1, {.author = 1});
  if (!again || saved_plan(again->plan, again->header) != saved) std::abort();
  return 0;
}
