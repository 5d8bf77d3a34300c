// Reading where in the city something hangs: the members object, or lat and lon, of a body.
#pragma once

#include "api/city_model.h"
#include "api/json_body.h"
#include "base/result.h"
#include "presence/space_book.h"

namespace citiverse::api {

/// An object's anchor and name, or the point itself. Fails: bad_input naming the member; not_found for an object that is not.
base::Result<presence::Anchor> read_anchor(JsonBody& body, const CityModel& model);

}  // namespace citiverse::api
