// Who has much and who has little, who wins and who loses: shares of access among people.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/access/access.h"

namespace citiverse::sim {

/// Gini's coefficient of values that are 0 or more, each counted for so many people: 0, all alike; near 1, one has all.
/// Infinite values and weights of 0 are left out; 0 where nothing is left or all is 0.
/// Source: Gini 1912; the weighted form of Lerman & Yitzhaki 1989, doi:10.1016/0304-4076(89)90074-2.
double gini(std::span<const double> values, std::span<const double> people);

/// What the tenth of people with most has, to what the four tenths with least have: 0.25 when all have the same. Homes on a
/// border are divided. Infinity where the four tenths have nothing, 0.25 where nobody has. Source: Palma 2011,
/// doi:10.1111/j.1467-7660.2011.01680.x; Cobham & Sumner 2013, Center for Global Development, paper 307.
double palma(std::span<const double> values, std::span<const double> people);

/// People in groups: by `group` of each home (its number, below `count`).
struct HomeGroups {
  std::vector<std::uint32_t> group;
  std::vector<std::string> names;
};
/// By the smallest area of a class that holds the home, such as quarters; homes in none are the last group, named "".
HomeGroups groups_by_area(const city::City& city, const AccessReport& report, city::AreaClass area_class);
/// By what they live in: houses, apartments, other.
HomeGroups groups_by_housing(const city::City& city, const AccessReport& report);

struct GroupAccess {
  double people = 0;
  double people_served = 0;  ///< Who reach one at all; the means are theirs.
  double mean_minutes = 0;
  double mean_within = 0;  ///< Of all people.
  double within_15 = 0;    ///< Share of all people who need at most 15 minutes.
};
/// Access to one kind, by group; people weigh.
std::vector<GroupAccess> access_by_group(const AccessReport& report, Destination kind, const HomeGroups& groups);

/// What a plan changes for those who live there in both versions.
struct AccessChange {
  double people = 0;   ///< In homes of both versions.
  double winners = 0;  ///< People who need at least `least_minutes` less than before.
  double losers = 0;
  double newly_served = 0;         ///< Reached none before. Among the winners.
  double cut_off = 0;              ///< Reach none any more. Among the losers.
  double mean_change_minutes = 0;  ///< Of those who reach one in both; negative is better.
  double people_gone = 0;          ///< Lived in homes that are no more.
  double people_new = 0;
  struct Home {
    city::FeatureId building;
    float people;
    float before_minutes;
    float after_minutes;
  };
  std::vector<Home> homes;  ///< Winners and losers, for the map, in order of id.
};
AccessChange compare_access(const AccessReport& base, const AccessReport& plan, Destination kind, double least_minutes = 0.5);

}  // namespace citiverse::sim
