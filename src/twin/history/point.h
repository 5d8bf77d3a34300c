// One measured or reported value of a series as history keeps it in memory: plain numbers that point into dictionaries.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "twin/attribute.h"

namespace citiverse::twin::history {

/// A series has one point a time: a later word about the same time is a correction.
struct Point {
  TimeUs time_us = 0;          ///< observedAt; where there is none, when it was written.
  TimeUs recorded_us = 0;      ///< modifiedAt; of a deletion, deletedAt.
  TimeUs created_us = 0;       ///< createdAt.
  std::uint64_t instance = 0;  ///< Counted from 1 in a series in the order of arrival; never used again.
  double number = 0;           ///< The value, where `text` is 0.
  std::uint32_t text = 0;      ///< 1 + place in Dictionaries::texts of a value that is no number.
  std::uint32_t form = 0;      ///< Place in Dictionaries::forms.
  friend bool operator==(const Point&, const Point&) = default;
};

/// What many points share. A form begins with one byte of FormFlags; the rest, and the texts, are bytes of sample.h.
struct Dictionaries {
  std::vector<std::string> texts;
  std::vector<std::string> forms;
};

enum FormFlags : std::uint8_t {
  is_observed = 1,   ///< The time is observedAt.
  is_deletion = 2,   ///< The attribute was deleted at that time: an event of history.
  is_tombstone = 4,  ///< The point was taken out of history; never seen outside, always with a text.
};

struct Rows : Dictionaries {
  std::vector<Point> points;
};

}  // namespace citiverse::twin::history
