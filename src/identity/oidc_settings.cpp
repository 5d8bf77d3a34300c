// Member by member, so that a misspelt one is named instead of passed over.
#include "identity/oidc_settings.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/file.h"
#include "base/json_reader.h"
#include "base/text.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using base::fail;
using base::JsonValue;
using base::Result;

constexpr std::size_t kTextBytesMax = 512;
constexpr std::size_t kListMax = 16;

// Reads an object's members; the first that is wrong is remembered.
class Members {
 public:
  Members(JsonValue object, std::string place) : object_(object), place_(std::move(place)) {
    if (!object.is_object()) note("", "an object");
  }
  std::string text(std::string_view name, bool is_needed) {
    known_.emplace_back(name);
    const JsonValue value = object_.find(name);
    if (value.is_absent() && !is_needed) return {};
    const auto text = value.text();
    if (!text || text->empty() || text->size() > kTextBytesMax)
      note(name, fmt::format("a text of 1 to {} bytes", kTextBytesMax));
    return std::string(text.value_or(""));
  }
  std::vector<std::string> texts(std::string_view name) {
    known_.emplace_back(name);
    std::vector<std::string> list;
    const JsonValue value = object_.find(name);
    if (value.is_absent()) return list;
    if (!value.is_array() || value.size() > kListMax) note(name, fmt::format("a list of at most {} texts", kListMax));
    for (std::size_t i = 0; i < value.size(); ++i) {
      const auto text = value[i].text();
      if (!text || text->empty() || text->size() > kTextBytesMax) note(name, "a list of texts");
      list.emplace_back(text.value_or(""));
    }
    return list;
  }
  JsonValue any(std::string_view name) {
    known_.emplace_back(name);
    return object_.find(name);
  }
  void note(std::string_view name, std::string_view wanted) {
    if (problem_.empty()) problem_ = fmt::format("{}{}{}: this must be {}", place_, name.empty() ? "" : "/", name, wanted);
  }
  /// Empty when all was right and nothing else is there.
  std::string problem() {
    for (std::size_t i = 0; i < object_.size(); ++i) {
      const auto [name, value] = object_.member(i);
      if (std::ranges::find(known_, name) == known_.end() && problem_.empty())
        problem_ = fmt::format("{}/{}: there is no such member; known are {}", place_, name, fmt::join(known_, ", "));
    }
    return problem_;
  }

 private:
  JsonValue object_;
  std::string place_;
  std::vector<std::string> known_;
  std::string problem_;
};

bool is_provider_id(std::string_view id) {
  return !id.empty() && id.size() <= 32 &&
         std::ranges::all_of(id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

Result<ResidentClaim> read_claim(JsonValue json, const std::string& place) {
  Members members(json, place);
  ResidentClaim claim{members.text("claim", true), members.text("value", false), members.text("number_claim", false)};
  if (const std::string problem = members.problem(); !problem.empty()) return fail(ErrorCode::bad_input, problem);
  return claim;
}

Result<OidcSettings> read_provider(JsonValue json, const std::string& place) {
  Members members(json, place);
  OidcSettings provider;
  provider.id = members.text("id", true);
  provider.issuer = members.text("issuer", true);
  provider.client_id = members.text("client_id", true);
  provider.client_secret = members.text("client_secret", false);
  provider.label = base::clean_text(members.text("label", true), 60);
  const auto scopes = members.texts("scopes");
  for (const std::string& scope : scopes) {
    if (std::ranges::find(provider.scopes, scope) == provider.scopes.end()) provider.scopes.push_back(scope);
  }
  const JsonValue resident = members.any("verified_resident");
  if (!is_provider_id(provider.id)) members.note("id", "1 to 32 lower-case letters, digits and hyphens");
  if (provider.label.empty()) members.note("label", "a text that shows");
  // OpenID Connect Discovery 1.0, clause 3: no query, no fragment. That it is https, or trusted, is the outgoing client's rule.
  if (!provider.issuer.starts_with("http") || provider.issuer.find_first_of("?#") != std::string::npos)
    members.note("issuer", "the issuer's https address, letter by letter");
  if (const std::string problem = members.problem(); !problem.empty()) return fail(ErrorCode::bad_input, problem);
  if (!resident.is_absent()) {
    auto claim = read_claim(resident, place + "/verified_resident");
    if (!claim) return std::unexpected(claim.error());
    provider.resident = std::move(*claim);
  }
  return provider;
}

}  // namespace

Result<SignInSettings> parse_sign_in_settings(std::string_view json) {
  const auto document = base::JsonDocument::parse(json);
  if (!document) return std::unexpected(document.error());
  Members members(document->root(), "");
  SignInSettings settings;
  const JsonValue providers = members.any("providers");
  settings.trusted_hosts = members.texts("trusted_hosts");
  settings.authorities = members.text("authorities", false);
  if (!providers.is_array() || providers.size() > kProvidersMax)
    members.note("providers", fmt::format("a list of at most {} providers", kProvidersMax));
  if (const std::string problem = members.problem(); !problem.empty()) return fail(ErrorCode::bad_input, problem);
  for (std::size_t i = 0; i < providers.size(); ++i) {
    auto provider = read_provider(providers[i], fmt::format("/providers/{}", i));
    if (!provider) return std::unexpected(provider.error());
    const auto is_same = [&](const OidcSettings& other) {
      return other.id == provider->id || other.issuer == provider->issuer;
    };
    if (std::ranges::any_of(settings.providers, is_same))
      return fail(ErrorCode::bad_input, fmt::format("/providers/{}: another one has the same id or issuer", i));
    settings.providers.push_back(std::move(*provider));
  }
  return settings;
}

Result<SignInSettings> read_sign_in_settings(const std::filesystem::path& file) {
  const auto text = base::read_file(file, kSignInFileBytesMax);
  if (!text && text.error().code == ErrorCode::not_found) return SignInSettings{};
  if (!text) return std::unexpected(text.error());
  auto settings = parse_sign_in_settings(*text);
  if (!settings) return fail(ErrorCode::bad_input, fmt::format("{}: {}", file.string(), settings.error().message));
  std::error_code error;
  const auto rights = std::filesystem::status(file, error).permissions();
  const bool is_open =
      (rights & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) != std::filesystem::perms::none;
  const bool has_secret =
      std::ranges::any_of(settings->providers, [](const auto& provider) { return !provider.client_secret.empty(); });
  if (has_secret && is_open)
    return fail(ErrorCode::bad_input,
                fmt::format("{}: it holds a secret and others than its owner can reach it; chmod 600 it", file.string()));
  return settings;
}

}  // namespace citiverse::identity
