// What this door cannot do, as problem details with the statuses that the standard names.
#pragma once

#include <expected>
#include <string_view>

#include "base/result.h"
#include "net/reply.h"

namespace citiverse::api::sensor_things {

template <class T>
using Answered = std::expected<T, net::Reply>;

/// OGC 18-088, 9.3: 400 for what is wrong in a request, also where a limit of it is exceeded; 404 for what is not there; 503
/// with Retry-After where the store is too busy or the disk unwilling.
net::Reply refusal(const base::Error& error);
net::Reply not_there();

}  // namespace citiverse::api::sensor_things
