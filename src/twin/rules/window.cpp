// Sums are made anew each time: no error piles up over months.
#include "twin/rules/window.h"

#include <algorithm>
#include <cmath>

namespace citiverse::twin::rules {

void Window::add(WindowPoint point, TimeUs over_us, std::size_t values_max) {
  const TimeUs newest_us = points_.empty() ? point.at_us : std::max(point.at_us, points_.back().at_us);
  if (point.at_us <= newest_us - over_us) return;
  const auto at = std::ranges::lower_bound(points_, point.at_us, {}, &WindowPoint::at_us);
  if (at != points_.end() && at->at_us == point.at_us)
    *at = point;
  else
    points_.insert(at, point);
  const auto first = std::ranges::upper_bound(points_, newest_us - over_us, {}, &WindowPoint::at_us);
  if (first != points_.begin()) is_cut_ = false;  // The window has moved on; if too much is left it is cut again.
  points_.erase(points_.begin(), first);
  if (points_.size() <= values_max) return;
  points_.erase(points_.begin(), points_.begin() + static_cast<std::ptrdiff_t>(points_.size() - values_max));
  is_cut_ = true;
}

bool Window::has_simulated() const { return std::ranges::any_of(points_, &WindowPoint::is_simulated); }

void Window::clear() {
  points_.clear();
  is_cut_ = false;
}

double Window::mean() const {
  double sum = 0;
  for (const WindowPoint& each : points_) sum += each.value;
  return sum / static_cast<double>(points_.size());
}

double Window::mean_level() const {
  // Counted from the loudest, so that no power overflows.
  double loudest = points_.front().value;
  for (const WindowPoint& each : points_) loudest = std::max(loudest, each.value);
  double sum = 0;
  for (const WindowPoint& each : points_) sum += std::pow(10.0, (each.value - loudest) / 10);
  return loudest + 10 * std::log10(sum / static_cast<double>(points_.size()));
}

}  // namespace citiverse::twin::rules
