// Samples as points: what many share, such as unit and kind, becomes a form; what is no number becomes a text.
#pragma once

#include <string>

#include "twin/history/history.h"
#include "twin/history/open_points.h"
#include "twin/history/series_index.h"

namespace citiverse::twin::history {

/// The form's bytes of an attribute: flags, kind, names, what is said about it.
std::string form_of(const Attribute& attribute, std::uint8_t flags, const Names& names);

/// A whole number stays one up to 2^53; all other numbers are doubles, and everything else is a text.
/// Puts the text, if any, into `text`.
NewPoint point_of(SeriesId series, const Sample& sample, const std::string& form, std::string& text);

Sample sample_of(const SeriesRecord& series, const Rows& rows, const Point& point, Names& names);

}  // namespace citiverse::twin::history
