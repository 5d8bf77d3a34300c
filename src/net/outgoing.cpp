// Preconditions before ranges, ranges before the whole (RFC 9110, 13.2.2).
#include "net/outgoing.h"

#include <fmt/format.h>

#include "net/compression.h"
#include "net/limits.h"

namespace citiverse::net {
namespace {

void write_tail(const Request& request, std::string_view date_field, bool closes, Outgoing& out) {
  out.tail.assign(date_field);
  if (closes)
    out.tail += "Connection: close\r\n";
  else if (request.is_http_1_0)
    out.tail += "Connection: keep-alive\r\n";
  out.tail += "\r\n";
}

void write_head(Outgoing& out, int status, std::string_view fields) {
  out.status = status;
  out.head.clear();
  fmt::format_to(std::back_inserter(out.head), "HTTP/1.1 {} {}\r\n", status, reason_of(status));
  out.head += fields;
}

// The bytes [first, first + count) of the asset, unless only the head is asked for.
void show_body(const Request& request, ByteRange part, Outgoing& out) {
  if (request.is_head() || part.count == 0) return;
  out.body_bytes = part.count;
  if (out.asset->file.get() >= 0) {
    out.file = out.asset->file.get();
    out.file_part = part;
  } else {
    out.pieces[2] = std::string_view(out.asset->body).substr(part.first, part.count);
  }
}

void compose_asset(Reply&& reply, const Request& request, Outgoing& out) {
  out.asset = std::move(reply.asset);
  const Asset& asset = *out.asset;
  if (!request.if_none_match.empty() && if_none_match_holds(request.if_none_match, asset.etag)) {
    write_head(out, 304, asset.fields);
    out.pieces[0] = out.head;
    return;
  }
  const bool wants_part =
      !request.range.empty() && request.method == Method::get && if_range_holds(request.if_range, asset.etag);
  const RangeAnswer answer = wants_part ? parse_range(request.range, asset.size) : RangeAnswer{};
  if (answer.verdict == RangeVerdict::unsatisfiable) {
    const Reply refusal = problem(416, "range_not_satisfiable", fmt::format("the file has {} bytes; ask within", asset.size));
    out.body = refusal.body;
    write_head(out, 416,
               fmt::format("Content-Type: {}\r\nContent-Length: {}\r\nContent-Range: bytes */{}\r\n{}", refusal.media_type,
                           out.body.size(), asset.size, safety_fields(refusal.audience)));
    out.pieces[0] = out.head;
    out.pieces[2] = out.body;
    out.body_bytes = out.body.size();
    return;
  }
  if (answer.verdict == RangeVerdict::part) {
    const ByteRange part = answer.range;
    write_head(out, 206, asset.fields);
    fmt::format_to(std::back_inserter(out.head), "Content-Length: {}\r\nContent-Range: bytes {}-{}/{}\r\n", part.count,
                   part.first, part.first + part.count - 1, asset.size);
    out.pieces[0] = out.head;
    show_body(request, part, out);
    return;
  }
  out.status = 200;
  out.pieces[0] = asset.head;
  show_body(request, {0, asset.size}, out);
}

void compose_body(Reply&& reply, const Request& request, Outgoing& out) {
  out.body = std::move(reply.body);
  const bool may_compress = is_compressible(reply.media_type) && out.body.size() >= kCompressBytesMin;
  const Encoding encoding = may_compress ? choose_encoding(request.accept_encoding) : Encoding::identity;
  std::string fields;
  if (reply.has_etag && reply.status == 200) {
    const std::string etag = etag_of(out.body, encoding);
    fields = fmt::format("ETag: {}\r\n", etag);
    if (if_none_match_holds(request.if_none_match, etag)) {
      reply.status = 304;
      out.body.clear();
    }
  }
  if (reply.status != 304) {
    if (encoding != Encoding::identity) {
      out.body = compressed(out.body, encoding, Effort::quick);
      fields += fmt::format("Content-Encoding: {}\r\n", name_of(encoding));
    }
    if (reply.status != 204) {
      fields += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", reply.media_type, out.body.size());
    }
  }
  if (is_compressible(reply.media_type)) fields += "Vary: Accept-Encoding\r\n";
  fields += fmt::format("Cache-Control: {}\r\n{}{}", reply.cache_control, reply.fields, safety_fields(reply.audience));
  write_head(out, reply.status, fields);
  out.pieces[0] = out.head;
  if (!request.is_head()) {
    out.pieces[2] = out.body;
    out.body_bytes = out.body.size();
  }
}

// Without a length: the connection's end is the end.
void compose_events(const Reply& reply, Outgoing& out) {
  write_head(out, 200,
             fmt::format("Content-Type: text/event-stream\r\nCache-Control: no-store\r\nX-Accel-Buffering: no\r\n{}{}",
                         reply.fields, safety_fields(reply.audience)));
  out.pieces[0] = out.head;
}

}  // namespace

void compose(Reply&& reply, const Request& request, std::string_view date_field, bool closes, Outgoing& out) {
  out.pieces = {};
  out.file = -1;
  out.body_bytes = 0;
  out.closes = closes;
  out.body.clear();
  out.asset.reset();
  if (reply.events != nullptr)
    compose_events(reply, out);
  else if (reply.asset != nullptr)
    compose_asset(std::move(reply), request, out);
  else
    compose_body(std::move(reply), request, out);
  write_tail(request, date_field, closes, out);
  out.pieces[1] = out.tail;
}

}  // namespace citiverse::net
