// Each answer of a provider is held against what was asked before anything in it counts.
#include "identity/oidc_provider.h"

#include <charconv>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "base/json_reader.h"
#include "base/text.h"
#include "identity/accounts.h"
#include "identity/base64url.h"
#include "identity/id_token.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using base::fail;
using base::JsonDocument;
using base::JsonValue;
using base::Result;

constexpr int kAdultYears = 18;

// application/x-www-form-urlencoded (WHATWG URL, 5.2); also right in a query.
void append_field(std::string& out, std::string_view name, std::string_view value) {
  if (!out.empty() && out.back() != '?' && out.back() != '&') out += '&';
  out += name;
  out += '=';
  for (const char c : value) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("-._*").contains(c);
    if (is_plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
}

std::string encoded(std::string_view value) {
  std::string out;
  append_field(out, "", value);
  return out.substr(1);
}

bool is_equal_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && !a.empty() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string base64_of(std::string_view bytes) {
  std::string text = base64url_of(bytes);
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (text.size() % 4 != 0) text += '=';
  return text;
}

bool holds(JsonValue list, std::string_view wanted) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].text() == wanted) return true;
  }
  return false;
}

// "YYYY-MM-DD"; a year of 0000 or anything else says nothing.
bool is_minor_born(std::string_view date, Time now) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (date.size() != 10 || date[4] != '-' || date[7] != '-') return false;
  std::from_chars(date.data(), date.data() + 4, year);
  std::from_chars(date.data() + 5, date.data() + 7, month);
  std::from_chars(date.data() + 8, date.data() + 10, day);
  const std::chrono::year_month_day birth{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (year == 0 || !birth.ok()) return false;
  return std::chrono::sys_days(birth + std::chrono::years(kAdultYears)) > now;
}

}  // namespace

OidcFlow begin_flow(const Surroundings& surroundings, std::string redirect_uri) {
  return {std::move(redirect_uri), random_token(surroundings, 32), random_token(surroundings, 32),
          random_token(surroundings, 32)};
}

OidcProvider::OidcProvider(OidcSettings settings, const Surroundings& surroundings, Transport transport)
    : settings_(std::move(settings)), surroundings_(surroundings), transport_(std::move(transport)) {}

Result<std::string> OidcProvider::call(const OutgoingCall& call, std::string_view what) const {
  auto answer = transport_(call);
  if (!answer) return std::unexpected(answer.error());
  if (answer->status != 200)
    return fail(ErrorCode::unavailable,
                fmt::format("provider {}: its {} answers with status {}", settings_.id, what, answer->status));
  return std::move(answer->body);
}

// OpenID Connect Discovery 1.0, clauses 3 and 4.
Result<OidcProvider::Metadata> OidcProvider::discover() const {
  std::string url = settings_.issuer;
  if (url.ends_with('/')) url.pop_back();
  const auto text = call({.url = url + "/.well-known/openid-configuration"}, "configuration");
  if (!text) return std::unexpected(text.error());
  const auto document =
      text->size() <= kProviderMetadataBytesMax ? JsonDocument::parse(*text) : fail(ErrorCode::bad_input, "too long");
  if (!document)
    return fail(ErrorCode::unavailable,
                fmt::format("provider {}: its configuration is {}", settings_.id, document.error().message));
  const JsonValue root = document->root();
  // Letter by letter, or one provider could speak for another (Discovery, clause 4.3).
  if (root.find("issuer").text() != settings_.issuer)
    return fail(ErrorCode::unavailable,
                fmt::format("provider {}: it calls itself another issuer than sign_in.json does", settings_.id));
  Metadata metadata;
  metadata.authorization_endpoint = root.find("authorization_endpoint").text().value_or("");
  metadata.token_endpoint = root.find("token_endpoint").text().value_or("");
  metadata.userinfo_endpoint = root.find("userinfo_endpoint").text().value_or("");
  metadata.jwks_uri = root.find("jwks_uri").text().value_or("");
  metadata.has_issuer_in_callback = root.find("authorization_response_iss_parameter_supported").boolean().value_or(false);
  const JsonValue methods = root.find("token_endpoint_auth_methods_supported");
  metadata.takes_secret_in_body_only =
      methods.is_array() && !holds(methods, "client_secret_basic") && holds(methods, "client_secret_post");
  const bool has_plain_http = !settings_.issuer.starts_with("https://");
  for (const std::string* endpoint : {&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri}) {
    const bool is_web = endpoint->starts_with("https://") || (has_plain_http && endpoint->starts_with("http://"));
    const bool is_clean =
        endpoint->find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?@!$&'()*+,;=%[]") ==
        std::string::npos;
    if (!is_web || !is_clean)
      return fail(
          ErrorCode::unavailable,
          fmt::format("provider {}: its configuration lacks an https address for signing in, tokens or keys", settings_.id));
  }
  return metadata;
}

Result<OidcProvider::Metadata> OidcProvider::metadata() {
  const std::scoped_lock hold(mutex_);
  const Time now = surroundings_.now();
  if (metadata_ && now - metadata_at_ < kMetadataTime) return *metadata_;
  if (last_failure_ && now - failed_at_ < kProviderPauseTime) return std::unexpected(*last_failure_);
  auto found = discover();
  if (!found) {
    last_failure_ = found.error();
    failed_at_ = surroundings_.now();
    // Addresses that were right an hour ago are better than none.
    if (metadata_) return *metadata_;
    return std::unexpected(found.error());
  }
  last_failure_.reset();
  metadata_ = std::move(*found);
  metadata_at_ = now;
  return *metadata_;
}

Result<std::string> OidcProvider::authorization_url(const OidcFlow& flow) {
  const auto metadata = this->metadata();
  if (!metadata) return std::unexpected(metadata.error());
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(flow.verifier.data()), flow.verifier.size(), digest);
  std::string url = metadata->authorization_endpoint;
  url += url.find('?') == std::string::npos ? '?' : '&';
  append_field(url, "response_type", "code");
  append_field(url, "client_id", settings_.client_id);
  append_field(url, "redirect_uri", flow.redirect_uri);
  append_field(url, "scope", fmt::format("{}", fmt::join(settings_.scopes, " ")));
  append_field(url, "state", flow.state);
  append_field(url, "nonce", flow.nonce);
  append_field(url, "code_challenge", base64url_of({reinterpret_cast<const char*>(digest), sizeof digest}));
  append_field(url, "code_challenge_method", "S256");
  return url;
}

// OpenID Connect Core 1.0, 3.1.3; the client proves itself as RFC 6749, 2.3.1 says.
Result<OidcProvider::Tokens> OidcProvider::exchange(const Metadata& metadata, const OidcFlow& flow,
                                                    std::string_view code) const {
  OutgoingCall ask{.is_post = true, .url = metadata.token_endpoint, .content_type = "application/x-www-form-urlencoded"};
  append_field(ask.body, "grant_type", "authorization_code");
  append_field(ask.body, "code", code);
  append_field(ask.body, "redirect_uri", flow.redirect_uri);
  append_field(ask.body, "code_verifier", flow.verifier);
  if (settings_.client_secret.empty() || metadata.takes_secret_in_body_only) {
    append_field(ask.body, "client_id", settings_.client_id);
    if (!settings_.client_secret.empty()) append_field(ask.body, "client_secret", settings_.client_secret);
  } else {
    ask.authorization = "Basic " + base64_of(encoded(settings_.client_id) + ":" + encoded(settings_.client_secret));
  }
  const auto answer = transport_(ask);
  if (!answer) return std::unexpected(answer.error());
  const auto document = JsonDocument::parse(answer->body);
  const auto error = document ? document->root().find("error").text() : std::nullopt;
  // A used, foreign or old code; what else a provider says to a client is for the operator to put right.
  if (answer->status == 400 && error == "invalid_grant")
    return fail(ErrorCode::denied, "the provider does not take the code; begin again");
  if (answer->status != 200 || !document)
    return fail(ErrorCode::unavailable,
                fmt::format("provider {}: its token endpoint answers with status {}{}{}", settings_.id, answer->status,
                            error ? ", " : "", base::clean_text(error.value_or(""), 60)));
  Tokens tokens;
  tokens.id_token = document->root().find("id_token").text().value_or("");
  tokens.access_token = document->root().find("access_token").text().value_or("");
  if (tokens.id_token.empty())
    return fail(ErrorCode::unavailable, fmt::format("provider {}: it gives no ID token", settings_.id));
  return tokens;
}

Result<void> OidcProvider::fetch_keys(const Metadata& metadata) {
  const auto text = call({.url = metadata.jwks_uri}, "key set");
  if (!text) return std::unexpected(text.error());
  auto keys = JwkSet::parse(*text);
  if (!keys) return fail(ErrorCode::unavailable, fmt::format("provider {}: {}", settings_.id, keys.error().message));
  keys_ = std::move(*keys);
  keys_at_ = surroundings_.now();
  return {};
}

// The payload of an ID token that one of the provider's keys signed. A new key makes this node look once (Core 1.0, 10.1.1).
Result<std::string> OidcProvider::verified_claims(const Metadata& metadata, const std::string& id_token) {
  const std::scoped_lock hold(mutex_);
  const Time now = surroundings_.now();
  if (!keys_ || now - keys_at_ >= kMetadataTime) {
    if (auto fetched = fetch_keys(metadata); !fetched) return std::unexpected(fetched.error());
  }
  auto payload = keys_->verify(id_token);
  if (!payload && payload.error().code == ErrorCode::not_found && now - keys_at_ >= kKeysAgainTime) {
    if (auto fetched = fetch_keys(metadata); !fetched) return std::unexpected(fetched.error());
    payload = keys_->verify(id_token);
  }
  if (!payload) return fail(ErrorCode::denied, fmt::format("provider {}: {}", settings_.id, payload.error().message));
  return payload;
}

OidcPerson OidcProvider::person_from(std::string subject, JsonValue claims, JsonValue more) const {
  const auto claim = [&](std::string_view name) { return claims.find(name).is_absent() ? more.find(name) : claims.find(name); };
  OidcPerson person;
  person.subject = std::move(subject);
  // Not the full name: how to be called here is for the person to say. A user name that is a mail address is no name.
  for (const std::string_view name : {"nickname", "given_name", "preferred_username"}) {
    const auto text = claim(name).text().value_or("");
    if (person.name.empty() && !text.contains('@')) person.name = base::clean_text(text, kNameCharactersMax);
  }
  if (settings_.resident) {
    const JsonValue value = claim(settings_.resident->name);
    const std::string& wanted = settings_.resident->value;
    person.is_resident = wanted.empty() ? value.boolean().value_or(false) : value.text() == wanted || holds(value, wanted);
    if (!settings_.resident->number_claim.empty()) {
      person.register_number = claim(settings_.resident->number_claim).text().value_or("");
      // Without the number nobody could tell that another account is the same person.
      if (person.register_number.empty()) person.is_resident = false;
    }
  }
  person.is_minor = is_minor_born(claim("birthdate").text().value_or(""), surroundings_.now());
  return person;
}

Result<OidcPerson> OidcProvider::redeem(const OidcFlow& flow, const Callback& callback) {
  if (!is_equal_secret(callback.state, flow.state))
    return fail(ErrorCode::denied, "state: this answer belongs to another sign-in; begin again");
  const auto metadata = this->metadata();
  if (!metadata) return std::unexpected(metadata.error());
  // RFC 9207, 2.4: against answers of another provider.
  if ((metadata->has_issuer_in_callback || !callback.issuer.empty()) && callback.issuer != settings_.issuer)
    return fail(ErrorCode::denied, "iss: this answer comes from another provider");
  if (!callback.error.empty() || callback.code.empty())
    return fail(ErrorCode::denied, fmt::format("the provider says no: {}", base::clean_text(callback.error, 60)));
  const auto tokens = exchange(*metadata, flow, callback.code);
  if (!tokens) return std::unexpected(tokens.error());
  const auto payload = verified_claims(*metadata, tokens->id_token);
  if (!payload) return std::unexpected(payload.error());
  const auto claims = JsonDocument::parse(*payload);
  if (!claims) return fail(ErrorCode::denied, "an ID token that is " + claims.error().message);
  auto subject = check_id_token(claims->root(), {settings_.issuer, settings_.client_id, flow.nonce, surroundings_.now()});
  if (!subject) return std::unexpected(subject.error());
  if (metadata->userinfo_endpoint.empty() || tokens->access_token.empty())
    return person_from(std::move(*subject), claims->root(), {});
  // Claims of scopes are often there only (Core 1.0, 5.4); its subject must be the same (5.3.2).
  const auto more_text =
      call({.url = metadata->userinfo_endpoint, .authorization = "Bearer " + tokens->access_token}, "userinfo endpoint");
  if (!more_text) return std::unexpected(more_text.error());
  const auto more = JsonDocument::parse(*more_text);
  if (!more || more->root().find("sub").text() != *subject)
    return fail(ErrorCode::denied, fmt::format("provider {}: its userinfo is about somebody else", settings_.id));
  return person_from(std::move(*subject), claims->root(), more->root());
}

}  // namespace citiverse::identity
