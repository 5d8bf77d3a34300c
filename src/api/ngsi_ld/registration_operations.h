// The names by which a context source says what may be asked of it (ETSI GS CIM 009 V1.9.1, 4.20).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace citiverse::api::ngsi_ld {

/// A bit an operation.
using Operations = std::uint64_t;

/// Of one operation or of a named group; nothing for any other text.
std::optional<Operations> operations_named(std::string_view name);
/// What a registration offers that names none: the group federationOps.
Operations usual_operations();

}  // namespace citiverse::api::ngsi_ld
