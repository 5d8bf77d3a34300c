// Points of the base, two scenes, one difference.
#include "sim/sun/sun_lost.h"

#include <algorithm>

namespace citiverse::sim {
namespace {

using city::FeatureIndex;
using city::FeatureKind;

bool has_same_shape(const city::City& a, const city::Feature& in_a, const city::City& b, const city::Feature& in_b) {
  const auto parts_a = a.parts(in_a.geometry);
  const auto parts_b = b.parts(in_b.geometry);
  if (parts_a.size() != parts_b.size()) return false;
  for (std::size_t p = 0; p < parts_a.size(); ++p) {
    if (!std::ranges::equal(a.vertices(parts_a[p]), b.vertices(parts_b[p]))) return false;
  }
  return true;
}

bool is_unchanged(const city::City& base, const city::Feature& f, const city::City& plan) {
  const auto there = plan.find(f.id);
  if (!there || !has_same_shape(base, f, plan, plan.feature(*there))) return false;
  if (f.id.kind() != FeatureKind::building) return true;
  const city::Building& a = base.building(f);
  const city::Building& b = plan.building(plan.feature(*there));
  return a.height_m == b.height_m && a.min_height_m == b.min_height_m && a.roof_height_m == b.roof_height_m &&
         a.has_parts == b.has_parts;
}

bool is_stayed_on(city::GreenClass c) {
  using enum city::GreenClass;
  return c == park || c == garden || c == grass || c == playground || c == pitch;
}

SunLoss loss_of(city::FeatureId id, std::span<const SunHours> before, std::span<const SunHours> after,
                std::span<const float> areas_m2) {
  SunLoss loss{.feature = id};
  double error = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    loss.area_m2 += areas_m2[i];
    error += areas_m2[i] * (before[i].error_hours + after[i].error_hours);
    loss.most_lost_hours = std::max(loss.most_lost_hours, before[i].hours - after[i].hours);
  }
  loss.error_hours = loss.area_m2 > 0 ? static_cast<float>(error / loss.area_m2) : 0;
  loss.before_hours = static_cast<float>(mean_hours(before, areas_m2));
  loss.after_hours = static_cast<float>(mean_hours(after, areas_m2));
  loss.share_before = static_cast<float>(share_with(before, areas_m2, kOpenSpaceHours));
  loss.share_after = static_cast<float>(share_with(after, areas_m2, kOpenSpaceHours));
  return loss;
}

}  // namespace

base::Result<std::vector<SunLoss>> sun_lost(const city::City& base, const city::City& plan, const geo::Box2d& box,
                                            const SunCourse& course, const SunLostOptions& options, const ModelRun& run) {
  if (base.plane().origin() != plan.plane().origin()) {
    return base::fail(base::ErrorCode::bad_input, "the plan is not one of this city: their planes differ");
  }
  std::vector<FeatureIndex> neighbours;
  base.index().visit_box(box, [&](FeatureIndex i) {
    const city::Feature& f = base.feature(i);
    const bool is_building = f.id.kind() == FeatureKind::building;
    const bool is_green = f.id.kind() == FeatureKind::green && f.geometry.type == city::GeometryType::polygons &&
                          is_stayed_on(base.green(f).green_class);
    if ((is_building || is_green) && f.box.intersects(box) && is_unchanged(base, f, plan)) neighbours.push_back(i);
  });
  std::sort(neighbours.begin(), neighbours.end());

  SunSamples samples;
  std::vector<std::size_t> ends;
  for (const FeatureIndex i : neighbours) {
    if (base.feature(i).id.kind() == FeatureKind::building) {
      add_facades(base, i, options.facades, samples);
    } else {
      SampleSpacing ground = options.facades;
      ground.along_m = options.ground_m;
      add_ground(base, i, ground, samples);
    }
    ends.push_back(samples.size());
  }
  if (samples.points.empty()) return std::vector<SunLoss>{};

  std::vector<SunHours> versions[2];
  const city::City* cities[] = {&base, &plan};
  for (int v = 0; v < 2; ++v) {
    const auto part_of = [&](double low, double high) {
      return ModelRun{run.stop, [&run, low, high](double part) { run.tell(low + (high - low) * part); }};
    };
    const auto scene = SunScene::make(*cities[v], box_of(samples), part_of(v / 2.0, v / 2.0 + 0.2));
    if (!scene) return std::unexpected(scene.error());
    auto hours = sun_hours(*scene, samples.points, course, part_of(v / 2.0 + 0.2, v / 2.0 + 0.5));
    if (!hours) return std::unexpected(hours.error());
    versions[v] = std::move(*hours);
  }
  std::vector<SunLoss> losses;
  std::size_t first = 0;
  for (std::size_t n = 0; n < neighbours.size(); ++n) {
    const std::size_t count = ends[n] - first;
    if (count > 0) {
      losses.push_back(loss_of(base.feature(neighbours[n]).id, std::span(versions[0]).subspan(first, count),
                               std::span(versions[1]).subspan(first, count),
                               std::span(samples.areas_m2).subspan(first, count)));
    }
    first = ends[n];
  }
  return losses;
}

}  // namespace citiverse::sim
