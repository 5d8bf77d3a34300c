// An answer as it goes out: a few windows of bytes, and perhaps a part of a file.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/reply.h"
#include "net/request.h"

namespace citiverse::net {

/// Reused from answer to answer on a connection: after the first, an asset's answer allocates nothing.
struct Outgoing {
  std::array<std::string_view, 4> pieces{};  ///< Sent in order; empty ones are passed over.
  int file = -1;                             ///< Then `file_part` of this descriptor, which `asset` keeps open.
  ByteRange file_part;
  bool closes = false;  ///< The connection closes after this answer.

  int status = 0;
  std::uint64_t body_bytes = 0;

  // What the windows show.
  std::string head;
  std::string tail;  // Date, Connection and the empty line.
  std::string body;
  std::shared_ptr<const Asset> asset;
};

/// Decides on 200, 206, 304 or 416, on compression of a body made now, and writes the fields.
/// `date_field` is "Date: …\r\n". `closes` announces that the connection ends.
void compose(Reply&& reply, const Request& request, std::string_view date_field, bool closes, Outgoing& out);

}  // namespace citiverse::net
