// Attributes as bytes for the node's own files: names as texts, since their numbers are of one process only.
#pragma once

#include "twin/attribute.h"
#include "twin/byte_stream.h"
#include "twin/names.h"

namespace citiverse::twin {

inline constexpr int kAttributeDepthMax = 8;  ///< Attributes of attributes within each other.

void put_value(ByteWriter& out, const Value& value);
/// Leaves `in` failed when the bytes are not those of a value.
Value take_value(ByteReader& in);

/// All of an attribute, with what is said about it.
void put_attribute(ByteWriter& out, const Attribute& attribute, const Names& names);
/// Leaves `in` failed when the bytes are not those of an attribute, or go deeper than kAttributeDepthMax.
Attribute take_attribute(ByteReader& in, Names& names, int depth_max = kAttributeDepthMax);

}  // namespace citiverse::twin
