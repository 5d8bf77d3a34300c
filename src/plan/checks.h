// Whether an edit can be: one property by its rule, one object by its family, and what stands beside it.
#pragma once

#include "base/result.h"
#include "plan/edit.h"
#include "plan/state.h"

namespace citiverse::plan {

/// A value against the rule of its property, tidied (texts cleaned, shapes snapped and turned). Fails: bad_input, with the
/// property's name and the figures.
base::Result<Value> checked_value(const city::City& base, const PropertyRule& rule, Value value);

/// All that a state says of one object that exists: what it needs is there, its properties fit each other and its neighbours.
base::Result<void> check_object(const city::City& base, const PlanState& state, ObjectId id);

/// What stands in the way of the object not being there: a stop that a line calls at. Fails: conflict.
base::Result<void> check_absence(const city::City& base, const PlanState& state, ObjectId id);

}  // namespace citiverse::plan
