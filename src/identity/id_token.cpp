// Claim by claim; the first that is wrong is named.
#include "identity/id_token.h"

#include <fmt/format.h>

namespace citiverse::identity {
namespace {

using base::fail;
using base::JsonValue;

std::unexpected<base::Error> wrong(std::string_view claim, std::string_view what) {
  return fail(base::ErrorCode::denied, fmt::format("ID token, {}: {}", claim, what));
}

bool is_for(JsonValue audience, std::string_view client_id) {
  if (audience.text() == client_id) return true;
  for (std::size_t i = 0; i < audience.size(); ++i) {
    if (audience[i].text() == client_id) return true;
  }
  return false;
}

}  // namespace

base::Result<std::string> check_id_token(JsonValue claims, const ExpectedToken& expected) {
  if (claims.find("iss").text() != expected.issuer) return wrong("iss", "another issuer");
  if (!is_for(claims.find("aud"), expected.client_id)) return wrong("aud", "made for another client");
  const JsonValue party = claims.find("azp");
  if (claims.find("aud").size() > 1 && party.is_absent()) return wrong("azp", "missing beside several audiences");
  if (!party.is_absent() && party.text() != expected.client_id) return wrong("azp", "given to another client");
  const std::int64_t now = expected.now.time_since_epoch().count();
  const auto end = claims.find("exp").integer();
  if (!end || *end <= now - kClockDifferenceMax.count()) return wrong("exp", "it has run out; look at this node's clock");
  const auto begin = claims.find("iat").integer();
  if (!begin || *begin > now + kClockDifferenceMax.count())
    return wrong("iat", "made in the future; look at this node's clock");
  if (const JsonValue from = claims.find("nbf");
      !from.is_absent() && from.integer().value_or(*end) > now + kClockDifferenceMax.count())
    return wrong("nbf", "not valid yet");
  if (claims.find("nonce").text() != expected.nonce) return wrong("nonce", "not the one that was sent");
  const auto subject = claims.find("sub").text();
  if (!subject || subject->empty() || subject->size() > kSubjectBytesMax)
    return wrong("sub", "missing, or longer than 255 bytes");
  return std::string(*subject);
}

}  // namespace citiverse::identity
