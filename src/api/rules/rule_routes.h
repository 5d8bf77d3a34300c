// GET /api/v1/live/rules: how each derived value is computed, for everybody who sees one.
#pragma once

#include <vector>

#include "net/router.h"
#include "twin/names.h"
#include "twin/rules/rule.h"

namespace citiverse::api::rules {

/// What is passed must outlive the router.
void add_rule_routes(net::Router& router, const std::vector<twin::rules::Rule>& rules, const twin::Names& names);

}  // namespace citiverse::api::rules
