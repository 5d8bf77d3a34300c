// The words for each status, and the one form of every error.
#include "net/reply.h"

#include "base/json_writer.h"

namespace citiverse::net {

std::string_view reason_of(int status) {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

Reply problem(int status, std::string_view code, std::string_view detail, std::string_view parameter) {
  Reply reply;
  reply.status = status;
  reply.media_type = "application/problem+json";
  base::JsonWriter json(reply.body);
  json.begin_object().member("type", "about:blank").member("title", reason_of(status));
  json.key("status").integer(status).member("detail", detail).member("code", code).member_if_known("parameter", parameter);
  json.end_object();
  return reply;
}

}  // namespace citiverse::net
