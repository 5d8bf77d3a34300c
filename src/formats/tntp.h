// Road networks and demand as the research community exchanges them: the text files of the Transportation Networks collection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace citiverse::formats {

inline constexpr std::uint32_t kTntpNodesMax = 4'000'000;
inline constexpr std::uint32_t kTntpLinksMax = 16'000'000;
inline constexpr std::uint32_t kTntpZonesMax = 60'000;
inline constexpr std::size_t kTntpTripsMax = 100'000'000;  ///< Pairs of zones.

/// A line of a network file. Nodes count from 1. Units are the file's own: each network says its own in its description.
struct TntpLink {
  std::uint32_t from;
  std::uint32_t to;
  double capacity;
  double length;
  double free_flow_time;
  double b;  ///< time = free_flow_time · (1 + b · (volume / capacity)^power)
  double power;
  double speed;
  double toll;
  std::int32_t type;
};

struct TntpNetwork {
  std::uint32_t zones = 0;
  std::uint32_t nodes = 0;
  std::uint32_t first_through_node = 1;  ///< Nodes before it are where trips begin and end, and no trip passes through them.
  std::vector<TntpLink> links;
};

struct TntpTrip {
  std::uint32_t from;
  std::uint32_t to;
  double trips;
};

struct TntpTrips {
  std::uint32_t zones = 0;
  double total_stated = 0;      ///< What the file says that its trips are in all; 0 where it does not.
  std::vector<TntpTrip> trips;  ///< In the file's order, without pairs of 0 trips.
};

struct TntpFlow {
  std::uint32_t from;
  std::uint32_t to;
  double volume;
  double cost;
};

/// Source: github.com/bstabler/TransportationNetworks, README.md, "TNTP Data format": metadata in <TAGS>, then a line a link of
/// ten fields, ended by ";"; "~" begins a comment. Fails: bad_input (what is not a finite number, is negative, or names a node
/// that is not there; fewer or more links than stated), naming the line; limit.
base::Result<TntpNetwork> read_tntp_network(std::string_view text);

/// "Origin N", then "destination : trips;" any number of times. Fails as read_tntp_network does.
base::Result<TntpTrips> read_tntp_trips(std::string_view text);

/// Lines of from, to, volume and cost below one line of names. Fails as read_tntp_network does.
base::Result<std::vector<TntpFlow>> read_tntp_flows(std::string_view text);

}  // namespace citiverse::formats
