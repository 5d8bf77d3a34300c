// What history holds of a series, for windows that begin before the node did.
#pragma once

#include "twin/history/history.h"
#include "twin/rules/deriver.h"

namespace citiverse::twin::rules {

/// Single numbers of the default tenant and the default dataset; at most the newest kWindowValuesMax. What cannot be read is
/// left out. Both must outlive the answer.
PastValues past_values_in(const history::History& history, Names& names);

}  // namespace citiverse::twin::rules
