// Buses and trams on the streets, trains on the railway: lines, stops where people live, and whole timetables.
#pragma once

#include "ingest/practice/draft.h"

namespace citiverse::ingest::practice {

/// From this size on a city of this kind has trams.
inline constexpr std::uint32_t kTramPeopleMin = 30'000;

struct PlannedStop {
  Vec2d point;
  Name name;
  city::TransitMode mode = city::TransitMode::bus;
  bool is_station = false;
  bool has_shelter = false;
};

struct PlannedCourse {
  std::vector<std::uint32_t> stops;      ///< Of Transit::stops.
  std::vector<city::PatternStop> times;  ///< One a stop; `stop` is not yet set.
  std::vector<city::Trip> trips;
};

struct PlannedLine {
  std::string reference;
  city::TransitMode mode = city::TransitMode::bus;
  std::string from;
  std::string to;
  std::uint32_t colour_rgb = 0;
  Path course;
  std::vector<PlannedCourse> courses;  ///< There and back.
};

struct Transit {
  std::vector<PlannedStop> stops;
  std::vector<PlannedLine> lines;
};

/// Lines from quarter to quarter through the station, along streets that carry buses in the direction of travel.
Transit plan_transit(const Draft& draft, Names& names);

}  // namespace citiverse::ingest::practice
