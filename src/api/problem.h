// Every failure of a room as HTTP: the one table from ErrorCode to status.
#pragma once

#include <string_view>

#include "base/result.h"
#include "net/reply.h"

namespace citiverse::api {

int status_of(base::ErrorCode code);

/// A problem document of an error; `parameter` names the part of the address that is wrong, or is empty.
net::Reply problem_from(const base::Error& error, std::string_view parameter = {});

}  // namespace citiverse::api
