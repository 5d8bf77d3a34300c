// Any bytes on a connection, cut at any place: requests are read, dispatched and answered as by a server, without the socket.
// The first byte says how the rest is cut.
#include <algorithm>

#include "base/check.h"
#include "net/dispatch.h"
#include "net/limits.h"
#include "net/outgoing.h"
#include "net/request_reader.h"
#include "net/web_socket_handshake.h"

namespace {

using namespace citiverse::net;

const Router& router() {
  static const Router made = [] {
    static const std::shared_ptr<const Asset> file = [] {
      Asset asset;
      asset.body = "0123456789";
      asset.size = asset.body.size();
      asset.etag = etag_of(asset.body, Encoding::identity);
      asset.fields = "ETag: " + asset.etag + "\r\n";
      asset.head = "HTTP/1.1 200 OK\r\n" + asset.fields;
      return std::make_shared<const Asset>(std::move(asset));
    }();
    Router routes;
    Route text;
    text.access = kOpenToAll;
    text.pattern = "/text/{name}";
    text.make = [](const Call& call) {
      Reply reply;
      reply.body = std::string(call.parameters[0]) + std::string(call.request.query) + std::string(2000, ' ');
      reply.has_etag = true;
      return reply;
    };
    routes.add(std::move(text));
    Route note;
    note.pattern = "/text/{id}";
    note.method = Method::post;
    note.access = kOpenToAll;
    note.make = [](const Call& call) {
      CITIVERSE_CHECK(call.request.body.size() <= kRouteBodyBytesMax, "a route gets no more than it takes");
      Reply reply;
      reply.status = 201;
      reply.body = std::string(call.request.body) + std::string(cookie_of(call.request, "key"));
      return reply;
    };
    routes.add(std::move(note));
    Route socket;
    socket.pattern = "/socket";
    socket.access = kOpenToAll;
    socket.subprotocol = "chat.1";
    socket.upgrade = [](const Call&) -> std::expected<std::uint64_t, Reply> { return 1; };
    routes.add(std::move(socket));
    Route rest;
    rest.access = kOpenToAll;
    rest.pattern = "/{path*}";
    rest.quick = [](const Call&) {
      Reply reply;
      reply.asset = file;
      return std::optional(std::move(reply));
    };
    routes.add(std::move(rest));
    return routes;
  }();
  return made;
}

void answer(const Request& request) {
  static Outgoing out;
  Dispatched dispatched = dispatch(router(), Doorway{}, request);
  if (dispatched.ticket) {
    const std::string accepted = handshake_answer(request, "chat.1");
    CITIVERSE_CHECK(accepted.find("\r\n\r\n") == accepted.size() - 4, "an accepted handshake ends once");
    return;
  }
  if (!dispatched.reply) dispatched.reply = make_reply(router(), dispatched, request);
  compose(std::move(*dispatched.reply), request, "Date: x\r\n", false, out);
  CITIVERSE_CHECK(out.pieces[0].starts_with("HTTP/1.1 "), "an answer has a status line");
  CITIVERSE_CHECK(out.pieces[1].ends_with("\r\n\r\n"), "an answer's fields end");
  CITIVERSE_CHECK(out.pieces[0].find("\r\n\r\n") == std::string_view::npos, "no text from outside ends them before");
  CITIVERSE_CHECK(!request.is_head() || out.pieces[2].empty(), "HEAD has no body");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = data[0] + 1u;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  RequestReader reader;
  for (;;) {
    const auto state = reader.parse();
    if (state == RequestReader::State::failed) {
      CITIVERSE_CHECK(reader.failure().status >= 400 && !reader.failure().detail.empty(), "a refusal says why");
      return 0;
    }
    if (state == RequestReader::State::ready) {
      answer(reader.request());
      reader.next();
      continue;
    }
    if (bytes.empty()) return 0;
    const auto space = reader.space();
    CITIVERSE_CHECK(!space.empty() && space.size() <= 4 * kHeaderBytesMax, "the buffer has room and an end");
    const std::size_t count = std::min({step, bytes.size(), space.size()});
    std::copy_n(bytes.begin(), count, space.begin());
    reader.filled(count);
    bytes.remove_prefix(count);
  }
}
