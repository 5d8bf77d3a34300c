// The codes are those of the rest of the API.
#include "api/sensor_things/errors.h"

#include "api/problem.h"

namespace citiverse::api::sensor_things {

net::Reply refusal(const base::Error& error) {
  if (error.code == base::ErrorCode::limit) return net::problem(400, "limit", error.message);
  net::Reply reply = problem_from(error);
  if (reply.status == 503) reply.fields += "Retry-After: 1\r\n";
  return reply;
}

net::Reply not_there() { return net::problem(404, "not_found", "there is no such entity, or nothing leads there"); }

}  // namespace citiverse::api::sensor_things
