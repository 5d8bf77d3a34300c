// Who gets past the door: methods, origins, bodies and the gate, without a socket.
#include "net/dispatch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/request_reader.h"
#include "net/target.h"
#include "net/web_socket_handshake.h"

namespace citiverse::net {
namespace {

using ::testing::HasSubstr;

constexpr AccessRule kForMembers = 7;

/// Lets in whoever has the right cookie, and remembers what it was asked.
class CookieGate : public Gate {
 public:
  std::expected<Visitor, Reply> admit(const Request& request, AccessRule access, bool is_unsafe) override {
    ++asked;
    was_unsafe = is_unsafe;
    if (cookie_of(request, "key") == "open") return Visitor{.account = 5, .session = 6, .roles = 1};
    if (access == kOpenToAll) return Visitor{};
    return std::unexpected(problem(401, "signed_out", "sign in"));
  }
  int asked = 0;
  bool was_unsafe = false;
};

class Dispatch : public ::testing::Test {
 protected:
  Dispatch() {
    doorway_.gate = &gate_;
    doorway_.origin = *OwnOrigin::parse("http://127.0.0.1:8080");
    add("/open", Method::get, kOpenToAll);
    add("/notes/{id}", Method::get, kForMembers);
    add("/notes/{note}", Method::delete_, kForMembers);
    add("/notes/{id}", Method::put, kForMembers);
    add("/notes", Method::post, kForMembers);
    Route socket;
    socket.pattern = "/socket";
    socket.access = kForMembers;
    socket.subprotocol = "chat.1";
    socket.upgrade = [](const Call& call) -> std::expected<std::uint64_t, Reply> {
      if (call.request.query == "full") return std::unexpected(problem(503, "limit", "full"));
      return call.visitor.account * 100;
    };
    router_.add(std::move(socket));
    add("/{path*}", Method::get, kOpenToAll);
  }

  void add(std::string pattern, Method method, AccessRule access) {
    Route route;
    route.pattern = std::move(pattern);
    route.method = method;
    route.access = access;
    route.body_bytes_max = 100;
    route.quick = [](const Call& call) {
      Reply reply;
      reply.body = std::string(name_of(call.request.method)) + " " + std::string(call.parameters[0]) + " by " +
                   std::to_string(call.visitor.account) + " " + std::string(call.request.body);
      return std::optional(std::move(reply));
    };
    router_.add(std::move(route));
  }

  Dispatched ask(std::string_view first_line, std::string_view fields = "", std::string_view body = "") {
    std::string text = std::string(first_line) + " HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n" + std::string(fields);
    if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    text += "\r\n" + std::string(body);
    reader_ = std::make_unique<RequestReader>(1);
    std::ranges::copy(text, reader_->space().begin());
    reader_->filled(text.size());
    EXPECT_EQ(reader_->parse(), RequestReader::State::ready);
    return dispatch(router_, doorway_, reader_->request());
  }
  Reply reply(std::string_view first_line, std::string_view fields = "", std::string_view body = "") {
    Dispatched dispatched = ask(first_line, fields, body);
    EXPECT_TRUE(dispatched.reply.has_value());
    return dispatched.reply ? std::move(*dispatched.reply) : Reply{};
  }

  CookieGate gate_;
  Doorway doorway_;
  Router router_;
  std::unique_ptr<RequestReader> reader_;
};

constexpr std::string_view kOurs = "Origin: http://127.0.0.1:8080\r\n";
constexpr std::string_view kOursAndSignedIn = "Origin: http://127.0.0.1:8080\r\nCookie: a=b; key=open\r\n";

TEST_F(Dispatch, each_method_of_a_pattern_has_its_own_route) {
  EXPECT_EQ(reply("GET /notes/4", kOursAndSignedIn).body, "GET 4 by 5 ");
  EXPECT_EQ(reply("HEAD /notes/4", kOursAndSignedIn).body, "HEAD 4 by 5 ");
  EXPECT_EQ(reply("DELETE /notes/4", kOursAndSignedIn).body, "DELETE 4 by 5 ");
  const std::string json = std::string(kOursAndSignedIn) + "Content-Type: application/json; charset=utf-8\r\n";
  EXPECT_EQ(reply("PUT /notes/4", json, "{}").body, "PUT 4 by 5 {}");
}

TEST_F(Dispatch, an_escaped_slash_is_for_routes_that_take_it) {
  Route route;
  route.pattern = "/things/{iri}/x";
  route.access = kOpenToAll;
  route.takes_escaped_slashes = true;
  route.quick = [](const Call& call) {
    Reply given;
    given.body = call.parameters[0];
    return std::optional(std::move(given));
  };
  Router router;
  router.add(std::move(route));
  std::swap(router, router_);
  EXPECT_EQ(reply("GET /things/a%2Fb/x").body, std::string("a") + kEscapedSlash + "b");
  EXPECT_EQ(reply("GET /things/a%2Fx").status, 404);
  std::swap(router, router_);
  EXPECT_EQ(reply("GET /..%2Fetc").status, 400) << "the path of a file is not such a route";
  EXPECT_EQ(reply("GET /notes/a%2Fb", kOursAndSignedIn).status, 400);
}

TEST_F(Dispatch, what_a_pattern_does_not_take_is_said_with_what_it_takes) {
  const Reply refused = reply("PATCH /notes/4", kOursAndSignedIn);
  EXPECT_EQ(refused.status, 405);
  EXPECT_THAT(refused.fields, HasSubstr("Allow: GET, HEAD, PUT, DELETE, OPTIONS\r\n"));
  EXPECT_EQ(reply("GET /notes", kOursAndSignedIn).status, 405);
  const Reply options = reply("OPTIONS /notes");
  EXPECT_EQ(options.status, 204);
  EXPECT_THAT(options.fields, HasSubstr("Allow: POST, OPTIONS\r\n"));
  EXPECT_THAT(options.fields, HasSubstr("Access-Control-Allow-Methods: GET, HEAD, OPTIONS\r\n"));
}

TEST_F(Dispatch, the_gate_is_asked_on_every_request_and_its_refusal_stands) {
  EXPECT_EQ(reply("GET /open").body, "GET  by 0 ");
  EXPECT_EQ(reply("GET /anything/else", "Cookie: key=open\r\n").body, "GET anything/else by 5 ");
  EXPECT_EQ(gate_.asked, 2);
  EXPECT_FALSE(gate_.was_unsafe);
  EXPECT_EQ(reply("GET /notes/4").status, 401);
  EXPECT_EQ(reply("DELETE /notes/4", kOurs).status, 401);
  EXPECT_TRUE(gate_.was_unsafe);
}

TEST_F(Dispatch, without_a_gate_only_what_is_open_is_open) {
  doorway_.gate = nullptr;
  EXPECT_EQ(reply("GET /open").status, 200);
  EXPECT_EQ(reply("GET /notes/4", kOursAndSignedIn).status, 403);
}

TEST_F(Dispatch, answers_behind_a_rule_are_personal) {
  EXPECT_EQ(reply("GET /open").audience, Audience::open_data);
  EXPECT_EQ(reply("GET /notes/4", kOursAndSignedIn).audience, Audience::personal);
}

TEST_F(Dispatch, another_site_cannot_change_anything) {
  for (const char* fields : {"Cookie: key=open\r\n", "Cookie: key=open\r\nOrigin: http://evil.example\r\n",
                             "Cookie: key=open\r\nOrigin: null\r\n", "Cookie: key=open\r\nSec-Fetch-Site: same-site\r\n",
                             "Cookie: key=open\r\nSec-Fetch-Site: same-origin\r\nOrigin: http://evil.example\r\n",
                             "Cookie: key=open\r\nOrigin: http://127.0.0.1:8081\r\n"}) {
    const int asked = gate_.asked;
    const Reply refused = reply("DELETE /notes/4", fields);
    EXPECT_EQ(refused.status, 403) << fields;
    EXPECT_THAT(refused.body, HasSubstr(R"("code":"cross_origin")")) << fields;
    EXPECT_EQ(gate_.asked, asked) << "a foreign page's request does not even cost a look at the session";
  }
  EXPECT_EQ(reply("DELETE /notes/4", "Cookie: key=open\r\nSec-Fetch-Site: same-origin\r\n").status, 200);
  EXPECT_EQ(reply("DELETE /notes/4", "Cookie: key=open\r\nOrigin: http://localhost:8080\r\n").status, 200);
}

TEST_F(Dispatch, bodies_are_json_and_within_the_routes_bound) {
  EXPECT_EQ(reply("POST /notes", kOursAndSignedIn, "{}").status, 415);
  const std::string form = std::string(kOursAndSignedIn) + "Content-Type: application/x-www-form-urlencoded\r\n";
  EXPECT_EQ(reply("POST /notes", form, "a=b").status, 415);
  const std::string json = std::string(kOursAndSignedIn) + "Content-Type: application/json\r\n";
  EXPECT_EQ(reply("POST /notes", json, "{}").status, 200);
  EXPECT_EQ(reply("POST /notes", json, std::string(101, ' ')).status, 413);
}

constexpr std::string_view kHandshake =
    "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: other, chat.1\r\n";

TEST_F(Dispatch, a_handshake_from_our_page_gets_a_ticket) {
  const Dispatched dispatched = ask("GET /socket", std::string(kHandshake) + std::string(kOursAndSignedIn));
  EXPECT_FALSE(dispatched.reply.has_value());
  EXPECT_EQ(dispatched.ticket, 500u);
  EXPECT_TRUE(gate_.was_unsafe);
}

TEST_F(Dispatch, a_handshake_from_elsewhere_signed_out_or_without_room_gets_none) {
  const std::string handshake(kHandshake);
  EXPECT_EQ(reply("GET /socket", handshake + "Cookie: key=open\r\nOrigin: http://evil.example\r\n").status, 403);
  EXPECT_EQ(reply("GET /socket", handshake + "Cookie: key=open\r\n").status, 403);
  EXPECT_EQ(reply("GET /socket", handshake + std::string(kOurs)).status, 401);
  EXPECT_EQ(reply("GET /socket?full", handshake + std::string(kOursAndSignedIn)).status, 503);
}

TEST_F(Dispatch, what_is_no_handshake_is_told_what_one_needs) {
  const Reply plain = reply("GET /socket", kOursAndSignedIn);
  EXPECT_EQ(plain.status, 426);
  EXPECT_THAT(plain.fields, HasSubstr("Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"));
  const auto without = [&](std::string_view line, std::string_view instead) {
    std::string text(kHandshake);
    const std::size_t at = text.find(line);
    text.replace(at, text.find("\r\n", at) + 2 - at, instead);
    return reply("GET /socket", text + std::string(kOursAndSignedIn)).status;
  };
  EXPECT_EQ(without("Sec-WebSocket-Version", "Sec-WebSocket-Version: 8\r\n"), 426);
  EXPECT_EQ(without("Sec-WebSocket-Key", "Sec-WebSocket-Key: short\r\n"), 400);
  EXPECT_EQ(without("Sec-WebSocket-Key", ""), 400);
  EXPECT_EQ(without("Sec-WebSocket-Protocol", ""), 400);
  EXPECT_EQ(without("Connection", "Connection: close\r\n"), 400);
}

TEST(Handshake, accepts_as_the_rfc_shows) {
  EXPECT_EQ(accept_of("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");  // RFC 6455, 1.3.
}

bool holds(const OwnOrigin& own, std::string_view origin, std::string_view host = "") {
  Request request;
  request.origin = origin;
  request.host = host;
  return own.is_from_own_page(request);
}

TEST(OwnOrigin, is_one_scheme_host_and_port) {
  const OwnOrigin own = *OwnOrigin::parse("https://City.example:443");
  EXPECT_EQ(own.text(), "https://city.example");
  EXPECT_TRUE(own.is_secure());
  EXPECT_TRUE(holds(own, "https://city.example"));
  EXPECT_TRUE(holds(own, "https://city.example:443"));
  for (const char* other : {"http://city.example", "https://city.example:444", "https://city.example.evil.example",
                            "https://evil.example", "https://city.example/", "city.example", "null", "https://", "file://"}) {
    EXPECT_FALSE(holds(own, other)) << other;
  }
}

TEST(OwnOrigin, names_of_the_loopback_are_equal) {
  const OwnOrigin own = *OwnOrigin::parse("http://127.0.0.1:8080");
  EXPECT_TRUE(holds(own, "http://localhost:8080"));
  EXPECT_TRUE(holds(own, "http://[::1]:8080"));
  EXPECT_FALSE(holds(own, "http://localhost"));
  EXPECT_FALSE(holds(own, "http://127.0.0.2:8080"));
}

TEST(OwnOrigin, where_none_is_known_it_is_where_the_request_went) {
  const OwnOrigin own;
  EXPECT_TRUE(holds(own, "http://10.0.0.5:8080", "10.0.0.5:8080"));
  EXPECT_FALSE(holds(own, "http://evil.example", "10.0.0.5:8080"));
  EXPECT_FALSE(holds(own, "http://evil.example", ""));
}

TEST(OwnOrigin, refuses_what_is_no_origin) {
  for (const char* text : {"", "city.example", "https://", "https://city.example/path", "https://a b", "ftp://x", "http://x:0",
                           "http://x:99999", "http://x:8o"}) {
    EXPECT_FALSE(OwnOrigin::parse(text).has_value()) << text;
  }
}

TEST_F(Dispatch, asks_no_origin_of_who_brings_a_token_and_of_what_only_reads) {
  EXPECT_EQ(reply("POST /notes", "Content-Type: application/json\r\n", "{}").status, 403);
  EXPECT_EQ(
      reply("POST /notes", "Authorization: Bearer t\r\nCookie: key=open\r\nContent-Type: application/json\r\n", "{}").status,
      200);
  Route query;
  query.pattern = "/query";
  query.method = Method::post;
  query.access = kOpenToAll;
  query.only_reads = true;
  query.body_media_types = "application/json, application/ld+json";
  query.make = [](const Call&) { return Reply{}; };
  Router router;
  router.add(query);
  for (const auto& [type, status] : {std::pair("application/json", 0), std::pair("Application/LD+json; charset=utf-8", 0),
                                     std::pair("application/geo+json", 415), std::pair("json", 415)}) {
    const Request request{.method = Method::post, .path = "/query", .body = "{}", .content_type = type};
    const Dispatched dispatched = dispatch(router, doorway_, request);
    EXPECT_EQ(dispatched.reply ? dispatched.reply->status : 0, status) << type;
  }
}

}  // namespace
}  // namespace citiverse::net
