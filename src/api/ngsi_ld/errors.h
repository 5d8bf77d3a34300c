// Failures as NGSI-LD's own error types.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/reply.h"

namespace citiverse::api::ngsi_ld {

/// ETSI GS CIM 009 V1.9.1, 5.5.2, with the statuses of 6.3.2; the last two are HTTP's own.
enum class ErrorType : std::uint8_t {
  invalid_request,
  bad_request_data,
  already_exists,
  conflict,
  operation_not_supported,
  resource_not_found,
  internal_error,
  too_complex_query,
  too_many_results,
  ld_context_not_available,
  no_multi_tenant_support,
  nonexistent_tenant,
  not_acceptable,
  unavailable,
};

int status_of(ErrorType type);
/// bad_input and limit: BadRequestData; not_found: ResourceNotFound; conflict: AlreadyExists; the others: InternalError.
ErrorType type_of(const base::Error& error);

/// Appends problem details (5.5.3).
void append_problem(std::string& out, ErrorType type, std::string_view detail);
/// As application/json (6.3.3).
net::Reply problem(ErrorType type, std::string_view detail);
net::Reply problem(const base::Error& error);
/// Of what the store itself says: too busy and an unwilling disk are 503 with Retry-After.
net::Reply store_problem(const base::Error& error);
/// Of a context that could not be had: LdContextNotAvailable where another machine is the reason.
net::Reply context_problem(const base::Error& error);

}  // namespace citiverse::api::ngsi_ld
