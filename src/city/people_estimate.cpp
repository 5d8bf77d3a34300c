// Gross floor area divided by what a home or a job usually takes.
#include "city/people_estimate.h"

#include <algorithm>
#include <cmath>

namespace citiverse::city {
namespace {

constexpr double kApartmentM2 = 85;  // Gross floor a flat takes, with its share of stairs and walls.
constexpr double kHouseM2 = 140;
constexpr double kPeoplePerHome = 2.2;  // Mean household of European cities (Eurostat, 2022).
constexpr double kHousingMinM2 = 35;    // Below this it is a shed.
constexpr double kHousingMaxM2 = 6000;  // Above this, a footprint without a use is a hall.

// Gross floor a job takes (Homes & Communities Agency, Employment Density Guide, 3rd edition, 2015); 0: no jobs.
double floor_per_job_m2(BuildingUse use) {
  switch (use) {
    case BuildingUse::office: return 14;
    case BuildingUse::commercial: return 30;
    case BuildingUse::retail: return 25;
    case BuildingUse::civic: return 30;
    case BuildingUse::industrial: return 60;
    case BuildingUse::school: return 80;
    case BuildingUse::health: return 45;
    case BuildingUse::culture: return 100;
    case BuildingUse::hotel: return 90;
    case BuildingUse::transport: return 200;
    case BuildingUse::greenhouse: return 500;
    case BuildingUse::worship: return 600;
    default: return 0;
  }
}

bool is_housing(BuildingUse use) {
  return use == BuildingUse::residential || use == BuildingUse::apartments || use == BuildingUse::house ||
         use == BuildingUse::unknown;
}

}  // namespace

void estimate_people(Building& building, double footprint_m2) {
  building.estimated |= kPeopleEstimated;
  building.homes = building.people = building.jobs = 0;
  const double floor_m2 = footprint_m2 * std::max<double>(1, building.levels);
  if (const double per_job = floor_per_job_m2(building.use); per_job > 0) {
    building.jobs = static_cast<std::uint32_t>(std::lround(floor_m2 / per_job));
    return;
  }
  if (!is_housing(building.use) || footprint_m2 < kHousingMinM2) return;
  if (building.use == BuildingUse::unknown && footprint_m2 > kHousingMaxM2) return;
  const bool is_house = building.use == BuildingUse::house || (building.levels <= 2 && footprint_m2 < 250);
  const double homes = is_house ? std::max(1.0, std::floor(floor_m2 / (2 * kHouseM2))) : std::max(1.0, floor_m2 / kApartmentM2);
  building.homes = static_cast<std::uint32_t>(std::lround(homes));
  building.people = static_cast<std::uint32_t>(std::lround(building.homes * kPeoplePerHome));
}

}  // namespace citiverse::city
