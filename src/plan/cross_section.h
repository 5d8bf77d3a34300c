// What a street's strips amount to: carriageway, pavements, lanes each way, and who may use them.
#pragma once

#include <string>

#include "base/result.h"
#include "city/feature.h"
#include "plan/value.h"

namespace citiverse::plan {

double width_m(const Section& section);
/// The narrowest that a strip may be, metres (limits.h).
double width_min_m(const Lane& lane);
/// Each strip against its least and greatest width; the whole against kSectionMaxM. Fails: bad_input, such as "lane 2 (drive)
/// would be 1.9 m wide; 2.5 m is the least here".
base::Result<void> check_section(const Section& section);

/// What stands left of the first and right of the last strip with wheels is pavement; all between is carriageway.
struct Carriageway {
  double left_m = 0;   ///< Of pavements and what lies among them.
  double width_m = 0;  ///< Of the carriageway; of everything where there are no wheels.
  double right_m = 0;
};
Carriageway carriageway_of(const Section& section);
/// Sets widths, lanes and modes of a street.
void set_street(const Section& section, city::Street& street);
/// The strips that a street of the base has, as far as it says: pavements, and lanes of one width.
Section section_of(const city::Street& street);
/// What a new street of a class has.
Section usual_section(city::StreetClass street_class);
/// "pavement 2 | drive backward 3 | …": for people, and as the attribute "section".
std::string text_of(const Section& section);

}  // namespace citiverse::plan
