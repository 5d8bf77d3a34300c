// Sums over the strips from left to right.
#include "plan/cross_section.h"

#include <algorithm>

#include <fmt/format.h>

#include "plan/limits.h"

namespace citiverse::plan {
namespace {

using city::StreetClass;

bool has_wheels(LaneUse use) {
  return use == LaneUse::drive || use == LaneUse::bus || use == LaneUse::bicycle || use == LaneUse::parking;
}
bool goes(LaneDirection lane, LaneDirection wanted) { return lane == wanted || lane == LaneDirection::both; }
bool may_be_wide(LaneUse use) { return use == LaneUse::pavement || use == LaneUse::trees || use == LaneUse::median; }

Lane pavement(double width) { return {LaneUse::pavement, LaneDirection::none, width}; }
Lane drive(LaneDirection direction, double width) { return {LaneUse::drive, direction, width}; }

}  // namespace

double width_m(const Section& section) {
  double sum = 0;
  for (const Lane& lane : section) sum += lane.width_m;
  return sum;
}

double width_min_m(const Lane& lane) {
  switch (lane.use) {
    case LaneUse::drive: return kDriveLaneMinM;
    case LaneUse::bus: return kBusLaneMinM;
    case LaneUse::bicycle: return lane.direction == LaneDirection::both ? kBicycleBothWaysMinM : kBicycleLaneMinM;
    case LaneUse::parking: return kParkingMinM;
    case LaneUse::pavement: return kPavementMinM;
    case LaneUse::trees: return kTreeStripMinM;
    case LaneUse::median: return kMedianMinM;
    case LaneUse::buffer: return kBufferMinM;
  }
  return 0;
}

base::Result<void> check_section(const Section& section) {
  const auto bad = [](std::string message) { return base::fail(base::ErrorCode::bad_input, std::move(message)); };
  if (section.empty() || section.size() > kLanesMax)
    return bad(fmt::format("section: it has {} lanes; 1 to {} are possible", section.size(), kLanesMax));
  for (std::size_t i = 0; i < section.size(); ++i) {
    const Lane& lane = section[i];
    const double least = width_min_m(lane);
    const double most = may_be_wide(lane.use) ? kWideStripMaxM : kLaneMaxM;
    if (!(lane.width_m >= least))
      return bad(fmt::format("section: lane {} ({}) would be {:.1f} m wide; {:.1f} m is the least here", i + 1,
                             word_for(lane.use), lane.width_m, least));
    if (lane.width_m > most)
      return bad(fmt::format("section: lane {} ({}) would be {:.1f} m wide; {:.0f} m is the most here", i + 1,
                             word_for(lane.use), lane.width_m, most));
    const bool moves = lane.use == LaneUse::drive || lane.use == LaneUse::bus || lane.use == LaneUse::bicycle;
    if (moves && lane.direction == LaneDirection::none)
      return bad(fmt::format("section: lane {} ({}) needs a direction: forward, backward or both", i + 1, word_for(lane.use)));
  }
  if (width_m(section) > kSectionMaxM)
    return bad(
        fmt::format("section: the street would be {:.1f} m wide; {:.0f} m is the most here", width_m(section), kSectionMaxM));
  return {};
}

Carriageway carriageway_of(const Section& section) {
  const auto wheels = [](const Lane& lane) { return has_wheels(lane.use); };
  const auto first = std::ranges::find_if(section, wheels);
  if (first == section.end()) return {0, width_m(section), 0};
  const auto last = std::find_if(section.rbegin(), section.rend(), wheels).base();
  return {width_m({section.begin(), first}), width_m({first, last}), width_m({last, section.end()})};
}

void set_street(const Section& section, city::Street& street) {
  const Carriageway way = carriageway_of(section);
  street.width_m = static_cast<float>(way.width_m);
  street.pavement_left_m = static_cast<float>(way.left_m);
  street.pavement_right_m = static_cast<float>(way.right_m);
  street.lanes_forward = street.lanes_backward = 0;
  std::uint8_t modes[2] = {};
  const LaneDirection directions[2] = {LaneDirection::forward, LaneDirection::backward};
  for (const Lane& lane : section) {
    for (std::size_t d = 0; d < 2; ++d) {
      if (lane.use == LaneUse::pavement) modes[d] |= city::kWalk;
      if (!goes(lane.direction, directions[d])) continue;
      if (lane.use == LaneUse::drive) modes[d] |= city::kDrive | city::kBus | city::kCycle;
      if (lane.use == LaneUse::bus) modes[d] |= city::kBus;
      if (lane.use == LaneUse::bicycle) modes[d] |= city::kCycle;
      if (lane.use == LaneUse::drive || lane.use == LaneUse::bus) ++(d == 0 ? street.lanes_forward : street.lanes_backward);
    }
  }
  const bool is_fast = street.street_class == StreetClass::motorway || street.street_class == StreetClass::trunk;
  const std::uint8_t no_bicycles = is_fast ? city::kCycle : 0;
  // Who may walk there without a pavement of their own still may: that is for the class to say.
  const std::uint8_t walk = is_fast ? 0 : city::kWalk;
  street.forward = static_cast<std::uint8_t>((modes[0] | walk) & ~no_bicycles);
  street.backward = static_cast<std::uint8_t>((modes[1] | walk) & ~no_bicycles);
  street.estimated =
      static_cast<std::uint8_t>(street.estimated & ~(city::kLanesEstimated | city::kWidthEstimated | city::kPavementEstimated));
}

Section section_of(const city::Street& street) {
  Section section;
  if (street.pavement_left_m > 0) section.push_back(pavement(street.pavement_left_m));
  const int lanes = street.lanes_forward + street.lanes_backward;
  const std::uint8_t any = street.forward | street.backward;
  if ((any & (city::kDrive | city::kBus)) == 0) {
    const bool cycle = (any & city::kCycle) != 0 && street.street_class == StreetClass::cycleway;
    section.push_back(
        {cycle ? LaneUse::bicycle : LaneUse::pavement, cycle ? LaneDirection::both : LaneDirection::none, street.width_m});
  } else {
    const LaneUse use = (any & city::kDrive) != 0 ? LaneUse::drive : LaneUse::bus;
    if (lanes <= 1) {
      const bool both = (street.forward & street.backward & (city::kDrive | city::kBus)) != 0;
      const bool forward = (street.forward & (city::kDrive | city::kBus)) != 0;
      section.push_back({use,
                         both      ? LaneDirection::both
                         : forward ? LaneDirection::forward
                                   : LaneDirection::backward,
                         street.width_m});
    } else {
      for (int i = 0; i < lanes; ++i)
        section.push_back({use, i < street.lanes_backward ? LaneDirection::backward : LaneDirection::forward,
                           static_cast<double>(street.width_m) / lanes});
    }
  }
  if (street.pavement_right_m > 0) section.push_back(pavement(street.pavement_right_m));
  return section;
}

Section usual_section(StreetClass street_class) {
  using enum LaneDirection;
  switch (street_class) {
    case StreetClass::motorway:
    case StreetClass::trunk: return {drive(forward, 3.5), drive(forward, 3.5)};
    case StreetClass::primary:
    case StreetClass::secondary:
      return {pavement(2.5),        {LaneUse::bicycle, backward, 2}, drive(backward, 3.25),
              drive(forward, 3.25), {LaneUse::bicycle, forward, 2},  pavement(2.5)};
    case StreetClass::tertiary:
    case StreetClass::residential: return {pavement(2), drive(backward, 2.75), drive(forward, 2.75), pavement(2)};
    case StreetClass::living_street:
    case StreetClass::service:
    case StreetClass::track:
    case StreetClass::construction: return {drive(both, 4)};
    case StreetClass::cycleway: return {{LaneUse::bicycle, both, 3}};
    case StreetClass::busway: return {{LaneUse::bus, backward, 3.25}, {LaneUse::bus, forward, 3.25}};
    case StreetClass::pedestrian: return {pavement(6)};
    case StreetClass::footway:
    case StreetClass::path:
    case StreetClass::steps:
    case StreetClass::corridor: return {pavement(2)};
  }
  return {pavement(2)};
}

std::string text_of(const Section& section) {
  std::string text;
  for (const Lane& lane : section) {
    if (!text.empty()) text += " | ";
    text += word_for(lane.use);
    if (lane.direction != LaneDirection::none) text += fmt::format(" {}", word_for(lane.direction));
    text += fmt::format(" {:.4g}", lane.width_m);
  }
  return text;
}

}  // namespace citiverse::plan
