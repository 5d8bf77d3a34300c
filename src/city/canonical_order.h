// One form for one content: the arrays behind the features, rewritten in the order of the features, so that a city read back
// from its files equals the city that was written, and what is drawn together lies together.
#pragma once

#include "city/city.h"

namespace citiverse::city {

/// `columns` with features already in their order; indexes by feature are unchanged. What no feature refers to is dropped, but
/// sources stay. Texts are stored once each, in the order of their first use.
CityColumns in_canonical_order(const CityColumns& columns);

}  // namespace citiverse::city
