// Errors of stored data and of outside parts are the node's, not the caller's: 5xx.
#include "api/problem.h"

namespace citiverse::api {

int status_of(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::bad_input: return 400;
    case base::ErrorCode::not_found: return 404;
    case base::ErrorCode::denied: return 403;
    case base::ErrorCode::conflict: return 409;
    case base::ErrorCode::limit: return 503;
    case base::ErrorCode::unavailable: return 503;
    case base::ErrorCode::corrupt: return 500;
  }
  return 500;
}

net::Reply problem_from(const base::Error& error, std::string_view parameter) {
  return net::problem(status_of(error.code), base::name_of(error.code), error.message, parameter);
}

}  // namespace citiverse::api
