// One table of types, titles and statuses.
#include "api/ngsi_ld/errors.h"

#include <array>

#include "base/json_writer.h"

namespace citiverse::api::ngsi_ld {
namespace {

struct Row {
  std::string_view name, title;
  int status;
};
constexpr std::array<Row, 14> kRows{{
    {"InvalidRequest", "The request is not valid", 400},
    {"BadRequestData", "The request contains data that is not valid", 400},
    {"AlreadyExists", "The element exists already", 409},
    {"Conflict", "The request conflicts with what is there", 409},
    {"OperationNotSupported", "The operation is not supported", 422},
    {"ResourceNotFound", "The resource was not found", 404},
    {"InternalError", "An internal error", 500},
    {"TooComplexQuery", "The query is too complex", 403},
    {"TooManyResults", "The query has too many results", 403},
    {"LdContextNotAvailable", "A remote JSON-LD @context is not available", 504},
    {"NoMultiTenantSupport", "There is no multi-tenant support", 501},
    {"NonexistentTenant", "The tenant does not exist", 404},
    {"InvalidRequest", "No acceptable representation", 406},
    {"InternalError", "Ask again later", 503},
}};

const Row& row_of(ErrorType type) { return kRows.at(static_cast<std::size_t>(type)); }

}  // namespace

int status_of(ErrorType type) { return row_of(type).status; }

ErrorType type_of(const base::Error& error) {
  switch (error.code) {
    case base::ErrorCode::bad_input:
    case base::ErrorCode::limit: return ErrorType::bad_request_data;
    case base::ErrorCode::not_found: return ErrorType::resource_not_found;
    case base::ErrorCode::conflict: return ErrorType::already_exists;
    default: return ErrorType::internal_error;
  }
}

void append_problem(std::string& out, ErrorType type, std::string_view detail) {
  const Row& row = row_of(type);
  base::JsonWriter json(out);
  json.begin_object().member("type", "https://uri.etsi.org/ngsi-ld/errors/" + std::string(row.name)).member("title", row.title);
  json.key("status").integer(row.status).member("detail", detail).end_object();
}

net::Reply problem(ErrorType type, std::string_view detail) {
  net::Reply reply{.status = status_of(type)};
  append_problem(reply.body, type, detail);
  if (reply.status == 503) reply.fields = "Retry-After: 1\r\n";
  return reply;
}

net::Reply problem(const base::Error& error) { return problem(type_of(error), error.message); }

net::Reply store_problem(const base::Error& error) {
  const bool is_later = error.code == base::ErrorCode::limit || error.code == base::ErrorCode::unavailable;
  return problem(is_later ? ErrorType::unavailable : type_of(error), error.message);
}

net::Reply context_problem(const base::Error& error) {
  const bool is_remote = error.code == base::ErrorCode::unavailable || error.code == base::ErrorCode::denied;
  return problem(is_remote ? ErrorType::ld_context_not_available : type_of(error), error.message);
}

}  // namespace citiverse::api::ngsi_ld
