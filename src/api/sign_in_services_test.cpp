// Passkeys through routes and gate, with an authenticator of this file's own; providers as far as they need no other machine.
#include "api/sign_in_services.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "base/json_reader.h"
#include "identity/base64url.h"
#include "net/dispatch.h"
#include "testing/soft_authenticator.h"

namespace citiverse::api {
namespace {

using citiverse::testing_fixtures::SoftAuthenticator;
using identity::base64url_of;
using net::Method;
using ::testing::HasSubstr;

class SignIn : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / fmt::format("citiverse_sign_in_services_{}", ::getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / kSignInFile)
        << R"({"providers":[{"id":"down","issuer":"https://127.0.0.1","client_id":"c","label":"Down"}]})";
    identity::Surroundings surroundings = identity::real_surroundings();
    surroundings.now = [this] { return now_; };
    auto identity = identity::Identity::open(folder_, surroundings, {.cost = {.bytes = 8192, .passes = 1}});
    ASSERT_TRUE(identity) << identity.error().message;
    identity_ = std::move(*identity);
    people_ = std::make_unique<IdentityApi>(IdentityApi{.identity = *identity_, .is_secure = true});
    auto services = SignInServices::open(*people_, folder_, "https://city.example", "City");
    ASSERT_TRUE(services) << services.error().message;
    services_ = std::move(*services);
    gate_ = std::make_unique<IdentityGate>(*identity_);
    doorway_ = {gate_.get(), net::OwnOrigin::parse("https://city.example").value()};
    add_sign_in_routes(router_, *people_);
    add_passkey_routes(router_, *services_);
    add_provider_routes(router_, *services_);
  }
  void TearDown() override {
    services_.reset();
    identity_.reset();
    std::filesystem::remove_all(folder_);
  }

  net::Reply ask(Method method, std::string_view path, std::string_view body = "", std::string_view query = "") {
    net::Request request;
    request.method = method;
    request.path = path;
    request.query = query;
    request.body = body;
    request.origin = method == Method::get ? "" : "https://city.example";
    request.content_type = body.empty() ? "" : "application/json";
    request.cookie = cookie_;
    net::Dispatched dispatched = net::dispatch(router_, doorway_, request);
    net::Reply reply = dispatched.reply ? std::move(*dispatched.reply) : net::make_reply(router_, dispatched, request);
    const std::size_t begin = reply.fields.find("citiverse_session=");
    if (begin != std::string::npos) cookie_ = reply.fields.substr(begin, reply.fields.find(';', begin) - begin);
    return reply;
  }
  std::string member(const net::Reply& reply, std::string_view name) {
    const auto document = base::JsonDocument::parse(reply.body);
    return document ? std::string(document->root().find(name).text().value_or("")) : "";
  }
  // The options' challenge, as bytes.
  static std::string challenge(const net::Reply& reply) {
    const auto document = base::JsonDocument::parse(reply.body);
    return identity::base64url_bytes(document->root().find("public_key").find("challenge").text().value()).value();
  }
  void become_guest() { ASSERT_EQ(ask(Method::post, "/api/v1/sign-in/guest", R"({"name":"Ada","minor":false})").status, 201); }
  net::Reply add_passkey() {
    const net::Reply options = ask(Method::post, "/api/v1/me/passkeys/options", "{}");
    if (options.status != 200) return net::problem(options.status, member(options, "code"), "no options");
    const auto document = base::JsonDocument::parse(options.body);
    handle_ = document->root().find("public_key").find("user").find("id").text().value();
    return ask(Method::post, "/api/v1/me/passkeys",
               fmt::format(R"({{"ticket":"{}","label":"phone","credential":{{"id":"x","type":"public-key",)"
                           R"("response":{{"clientDataJSON":"{}","attestationObject":"{}"}}}}}})",
                           member(options, "ticket"), base64url_of(device_.client_data("webauthn.create", challenge(options))),
                           base64url_of(device_.attestation_object())));
  }
  std::string proof() {
    const net::Reply options = ask(Method::post, "/api/v1/sign-in/passkey/options", "{}");
    const std::string data = device_.client_data("webauthn.get", challenge(options));
    return fmt::format(
        R"({{"ticket":"{}","credential":{{"id":"{}","type":"public-key",)"
        R"("response":{{"clientDataJSON":"{}","authenticatorData":"{}","signature":"{}","userHandle":"{}"}}}}}})",
        member(options, "ticket"), base64url_of(device_.credential_id()), base64url_of(data),
        base64url_of(device_.authenticator_data()), base64url_of(device_.signature(data)), handle_);
  }

  identity::Time now_ = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  std::filesystem::path folder_;
  std::unique_ptr<identity::Identity> identity_;
  std::unique_ptr<IdentityApi> people_;
  std::unique_ptr<SignInServices> services_;
  std::unique_ptr<IdentityGate> gate_;
  net::Doorway doorway_;
  net::Router router_;
  std::string cookie_;
  std::string handle_;
  SoftAuthenticator device_{"https://city.example", "city.example"};
};

TEST_F(SignIn, a_passkey_is_made_by_a_guest_and_signs_in_elsewhere) {
  become_guest();
  const std::string before = cookie_;
  const net::Reply added = add_passkey();
  ASSERT_EQ(added.status, 201) << added.body;
  EXPECT_NE(cookie_, before) << "with more rights comes a new token";
  EXPECT_THAT(added.fields, HasSubstr("HttpOnly; SameSite=Lax"));
  EXPECT_THAT(added.fields, HasSubstr("; Secure"));
  cookie_.clear();
  const net::Reply signed_in = ask(Method::post, "/api/v1/sign-in/passkey", proof());
  ASSERT_EQ(signed_in.status, 200) << signed_in.body;
  EXPECT_THAT(signed_in.body, HasSubstr(R"("guest":false)"));
  EXPECT_THAT(ask(Method::get, "/api/v1/me/passkeys").body, HasSubstr(R"("label":"phone")"));
}

TEST_F(SignIn, what_is_wrong_with_a_proof_has_its_code) {
  become_guest();
  ASSERT_EQ(add_passkey().status, 201);
  const std::string good = proof();
  EXPECT_EQ(ask(Method::post, "/api/v1/sign-in/passkey", good).status, 200);
  EXPECT_EQ(member(ask(Method::post, "/api/v1/sign-in/passkey", good), "code"), "ticket_spent");
  const std::string late = proof();
  now_ += identity::kCeremonyTime;
  EXPECT_EQ(member(ask(Method::post, "/api/v1/sign-in/passkey", late), "code"), "ticket_spent");
  device_.flags = 0x01;
  const net::Reply unverified = ask(Method::post, "/api/v1/sign-in/passkey", proof());
  EXPECT_EQ(unverified.status, 401);
  EXPECT_EQ(member(unverified, "code"), "wrong_passkey");
}

TEST_F(SignIn, members_add_and_remove_passkeys_only_after_a_fresh_sign_in) {
  become_guest();
  const std::string id = member(add_passkey(), "id");
  now_ += identity::kFreshTime + std::chrono::seconds(1);
  EXPECT_EQ(member(ask(Method::post, "/api/v1/me/passkeys/options", "{}"), "code"), "sign_in_again");
  EXPECT_EQ(member(ask(Method::delete_, "/api/v1/me/passkeys/" + id), "code"), "sign_in_again");
  ASSERT_EQ(ask(Method::post, "/api/v1/sign-in/passkey", proof()).status, 200);
  EXPECT_EQ(member(ask(Method::delete_, "/api/v1/me/passkeys/" + id), "code"), "last_way_in");
  EXPECT_EQ(ask(Method::get, "/api/v1/me/passkeys").status, 200);
  cookie_.clear();
  EXPECT_EQ(ask(Method::get, "/api/v1/me/passkeys").status, 401);
}

TEST_F(SignIn, a_provider_in_the_own_network_is_not_called_and_pages_elsewhere_are_no_way_back) {
  const net::Reply start = ask(Method::get, "/api/v1/sign-in/oidc/down/start", "", "return=/%3Fa%3Db");
  EXPECT_EQ(start.status, 303);
  EXPECT_THAT(start.fields, HasSubstr("Location: /?a=b&sign_in_problem=provider_unavailable\r\n"));
  for (const std::string_view to :
       {"//evil.example", "/%5Cevil.example", "https://evil.example", "/%0D%0ASet-Cookie:x=y", "", "a"})
    EXPECT_EQ(ask(Method::get, "/api/v1/sign-in/oidc/down/start", "", fmt::format("return={}", to)).status, 400) << to;
  EXPECT_EQ(ask(Method::get, "/api/v1/sign-in/oidc/none/start").status, 404);
  EXPECT_THAT(ask(Method::get, "/api/v1/sign-in/oidc/down/callback", "", "code=x&state=y").fields,
              HasSubstr("sign_in_problem=sign_in_expired"));
  become_guest();
  EXPECT_EQ(ask(Method::get, "/api/v1/sign-in/oidc/down/start", "", "link=true").status, 403) << "not from a page of this node";
}

TEST_F(SignIn, a_wrong_file_of_providers_stops_the_node_with_its_place) {
  std::ofstream(folder_ / kSignInFile) << R"({"providers":[{"id":"x"}]})";
  const auto services = SignInServices::open(*people_, folder_, "https://city.example", "City");
  ASSERT_FALSE(services);
  EXPECT_THAT(services.error().message, HasSubstr("sign_in.json: /providers/0/issuer"));
}

}  // namespace
}  // namespace citiverse::api
