// How somebody looks: the table of protocol/avatar_look.json as bounds.
#pragma once

#include <string>

#include "base/json_reader.h"
#include "base/result.h"

namespace citiverse::identity {

/// The look as JSON in one order of members. Fails: bad_input for members that are not in the table and numbers beyond it.
base::Result<std::string> checked_look(base::JsonValue look);

}  // namespace citiverse::identity
