// The codes are those of the rest of the API.
#include "api/sensor_things/errors.h"

#include "api/problem.h"

namespace citiverse::api::sensor_things {

net::Reply refusal(const base::Error& error) {
  if (error.code == base::ErrorCode::limit) return net::problem(400, "limit", error.message);
  return problem_from(error);
}

net::Reply not_there() { return net::problem(404, "not_found", "there is no such entity, or nothing leads there"); }

net::Reply store_refusal(const base::Error& error) { return problem_from(error); }

}  // namespace citiverse::api::sensor_things
