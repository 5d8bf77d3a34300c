// From all that an address names to one page of it: $filter, $count, $orderby, $skip, $top, in this order (OGC 18-088, 9.3.1).
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "api/sensor_things/evaluator.h"
#include "api/sensor_things/query.h"
#include "api/sensor_things/reader.h"

namespace citiverse::api::sensor_things {

inline constexpr std::size_t kOrderedMax = 50'000;  ///< Entities passed over and shown in an order that is made for one answer.

struct Page {
  std::vector<Item> items;
  std::optional<std::size_t> count;  ///< Of all that match, where it was asked for.
  bool has_next = false;
};

/// The entities that an address names.
struct Source {
  Kind kind = Kind::thing;
  bool is_one_series = false;  ///< Observations of one Datastream: they come in the order of time.
  std::function<Reader::Read(const Wanted&, const OnItem&)> read;
};

/// Fails: limit (kOrderedMax, Reader's), corrupt.
base::Result<Page> find_page(Evaluator& evaluator, const Source& source, const Query& query, std::size_t top);

/// What a filter of Observations says of times and Datastreams, for Reader::each.
Wanted wanted_by(const Query& query, Kind kind);

}  // namespace citiverse::api::sensor_things
