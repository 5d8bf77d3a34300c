// What a route answers, before it is known how it will be sent.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "net/asset.h"

namespace citiverse::net {

class EventStream;

/// Either an asset, or a status with a body made for this request.
struct Reply {
  int status = 200;
  std::string_view media_type = "application/json";
  std::string_view cache_control = "no-store";
  Audience audience = Audience::open_data;  ///< What a rule guards is sent as `personal` in any case.
  std::string body;
  std::string fields;     ///< Further fields, each ending in CRLF; never text from outside.
  bool has_etag = false;  ///< A validator is made from the body.
  std::shared_ptr<const Asset> asset;
  std::shared_ptr<EventStream> events;  ///< Goes on after the head (net/event_stream.h); a 200 without a body.
};

/// A problem document (RFC 9457). `code` is stable and from the contract; `detail` may hold text from outside: it is escaped.
/// `parameter` names what was wrong in path or query, or is empty.
Reply problem(int status, std::string_view code, std::string_view detail, std::string_view parameter = {});

/// The reason phrase of a status that this program sends.
std::string_view reason_of(int status);

}  // namespace citiverse::net
