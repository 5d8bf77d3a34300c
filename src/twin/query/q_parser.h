// The text of a `q` parameter → an expression.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "twin/query/q_expression.h"
#include "twin/query/terms.h"

namespace citiverse::twin {

/// Reads the NGSI-LD query language; ';' binds closer than '|'. '&' is taken as ';', and parentheses may stand within each
/// other, as the standard's examples have them. An IRI may stand where a name may; it ends before '[', '{' and any operator.
/// `expand_values`: the attributes, as terms, whose values are terms (expandValues).
/// Fails: bad_input, with the place and what was expected there; limit. Source: ETSI GS CIM 009 V1.9.1, 4.9.
base::Result<QExpression> parse_q(std::string_view text, const Terms& terms, std::span<const std::string> expand_values = {});

/// "a.b[c.d]", as orderBy and others name a value. Fails as parse_q.
base::Result<QPath> parse_attribute_path(std::string_view parameter, std::string_view text, const Terms& terms);

}  // namespace citiverse::twin
