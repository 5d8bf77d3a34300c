// A browser and a node for tests of the routes about people: cookies and Origin go through the real gate.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/identity_api.h"
#include "base/json_reader.h"
#include "net/dispatch.h"
#include "testing/test_people.h"

namespace citiverse::api {

using net::Method;
using testing_fixtures::TestPeople;

inline constexpr std::string_view kOrigin = "http://127.0.0.1:8080";

class Node {
 public:
  Node() : gate_(*people_), api_{*people_} {
    add_identity_routes(router, api_);
    doorway.gate = &gate_;
    doorway.origin = net::OwnOrigin::parse(kOrigin).value();
  }
  TestPeople& people() { return people_; }
  const IdentityApi& api() const { return api_; }
  net::Router router;
  net::Doorway doorway;

 private:
  TestPeople people_;
  IdentityGate gate_;
  IdentityApi api_;
};

// Keeps cookies and sends them, and the Origin of the page that it shows.
class Browser {
 public:
  explicit Browser(Node& node, std::uint64_t address = 1) : node_(&node), address_(address) {}

  net::Reply ask(Method method, std::string_view path, std::string_view body = {}, std::string_view query = {}) {
    std::string cookies;
    for (const auto& [name, value] : jar) cookies += (cookies.empty() ? "" : "; ") + name + "=" + value;
    net::Request request{.method = method, .path = path, .query = query, .body = body};
    request.cookie = cookies;
    request.origin = origin;
    request.content_type = body.empty() ? "" : "application/json";
    request.address = address_;
    const net::Dispatched dispatched = net::dispatch(node_->router, node_->doorway, request);
    net::Reply reply = dispatched.reply ? *dispatched.reply : net::make_reply(node_->router, dispatched, request);
    take_cookies(reply.fields);
    return reply;
  }
  net::Reply sign_in(std::string_view name, std::string_view password = TestPeople::kPassword) {
    return ask(Method::post, "/api/v1/sign-in/password",
               fmt::format(R"({{"sign_in_name":"{}","password":"{}"}})", name, password));
  }
  net::Reply me() { return ask(Method::get, "/api/v1/me"); }
  std::string token() const { return jar.contains("citiverse_session") ? jar.at("citiverse_session") : std::string(); }

  std::map<std::string, std::string> jar;
  std::string origin{kOrigin};

 private:
  void take_cookies(std::string_view fields) {
    constexpr std::string_view kField = "Set-Cookie: ";
    for (std::size_t at = fields.find(kField); at != std::string_view::npos; at = fields.find(kField, at)) {
      at += kField.size();
      const std::size_t equals = fields.find('=', at);
      const std::size_t end = fields.find(';', at);
      const std::string name(fields.substr(at, equals - at));
      const std::string value(fields.substr(equals + 1, end - equals - 1));
      if (value.empty())
        jar.erase(name);
      else
        jar[name] = value;
    }
  }
  Node* node_;
  std::uint64_t address_;
};

inline std::string text_in(const net::Reply& reply, std::string_view name) {
  const auto json = base::JsonDocument::parse(reply.body);
  return json ? std::string(json->root().find(name).text().value_or("")) : std::string();
}
inline std::string code_of(const net::Reply& reply) { return text_in(reply, "code"); }
inline bool is_signed_in(Browser& browser) {
  const auto json = base::JsonDocument::parse(browser.me().body).value();
  return json.root().find("signed_in").boolean().value();
}

class IdentityApiTest : public testing::Test {
 protected:
  Node node_;
  TestPeople& people_ = node_.people();
  Browser browser_{node_};
};

}  // namespace citiverse::api
