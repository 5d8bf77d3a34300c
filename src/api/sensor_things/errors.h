// What this door cannot do, as problem details with the statuses that the standard names.
#pragma once

#include <expected>
#include <string_view>

#include "base/result.h"
#include "net/reply.h"

namespace citiverse::api::sensor_things {

template <class T>
using Answered = std::expected<T, net::Reply>;

/// OGC 18-088, 9.3: 400 for what is wrong in a request, also where a limit of it is exceeded; 404 for what is not there.
net::Reply refusal(const base::Error& error);
net::Reply not_there();
/// Of what the store or history says: too busy and an unwilling disk are 503.
net::Reply store_refusal(const base::Error& error);

}  // namespace citiverse::api::sensor_things
