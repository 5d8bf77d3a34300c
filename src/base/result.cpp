// Names of the error codes; they are part of the API, so they never change.
#include "base/result.h"

#include "base/check.h"

namespace citiverse::base {

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::bad_input: return "bad_input";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::denied: return "denied";
    case ErrorCode::conflict: return "conflict";
    case ErrorCode::limit: return "limit";
    case ErrorCode::unavailable: return "unavailable";
    case ErrorCode::corrupt: return "corrupt";
  }
  CITIVERSE_CHECK(false, "an ErrorCode outside its enum");
}

}  // namespace citiverse::base
