// The newest values of one series over a span of time, and their mean.
#pragma once

#include <cstddef>
#include <vector>

#include "twin/attribute.h"

namespace citiverse::twin::rules {

struct WindowPoint {
  TimeUs at_us = 0;
  double value = 0;
  bool is_simulated = false;
};

/// By time; the end of the window is its newest value.
class Window {
 public:
  NameId unit = kNoName;

  /// A value of a time that is there already replaces it; what is older than the window is left out.
  void add(WindowPoint point, TimeUs over_us, std::size_t values_max);
  std::size_t size() const { return points_.size(); }
  bool empty() const { return points_.empty(); }
  TimeUs newest_us() const { return points_.back().at_us; }
  bool has_simulated() const;
  bool is_cut() const { return is_cut_; }  ///< It held more than it may: the oldest are missing.
  void clear();

  double mean() const;
  /// The level of the mean power: 10 lg of the mean of 10^(L / 10). Source: ISO 1996-1:2016, equivalent continuous sound level
  /// of levels that stand for equally long times.
  double mean_level() const;

 private:
  std::vector<WindowPoint> points_;
  bool is_cut_ = false;
};

}  // namespace citiverse::twin::rules
