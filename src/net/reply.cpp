// The words for each status, and the one form of every error.
#include "net/reply.h"

#include "base/check.h"
#include "base/json_writer.h"

namespace citiverse::net {

std::string_view reason_of(int status) {
  switch (status) {
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 207: return "Multi-Status";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 423: return "Locked";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
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

LaterReply::~LaterReply() {
  if (!is_given_ && send_) send_(problem(503, "unavailable", "this request was not finished; ask again"));
}

void LaterReply::give(Reply reply) {
  std::function<void(Reply)> send;
  {
    const std::lock_guard lock(mutex_);
    CITIVERSE_CHECK(!is_given_, "a reply is given once");
    is_given_ = true;
    if (!send_) {
      reply_ = std::move(reply);
      return;
    }
    send = std::move(send_);
  }
  send(std::move(reply));
}

void LaterReply::when_given(std::function<void(Reply)> send) {
  {
    const std::lock_guard lock(mutex_);
    if (!is_given_) {
      send_ = std::move(send);
      return;
    }
  }
  send(std::move(*reply_));
}

}  // namespace citiverse::net
