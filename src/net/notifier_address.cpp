// Host and port of each scheme are read by the same strict reader.
#include "net/notifier_address.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"

namespace citiverse::net {
namespace {

std::unexpected<base::Error> wrong_address(std::string_view what) {
  return base::fail(base::ErrorCode::bad_input, std::string(what));
}

// RFC 3986, 2.1.
std::optional<std::string> percent_decoded(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size() || !is_digit(text[i + 1]) || !is_digit(text[i + 2])) return std::nullopt;
    out += static_cast<char>(digit(text[i + 1]) << 4 | digit(text[i + 2]));
    i += 2;
  }
  if (!base::is_utf8(out) || std::ranges::any_of(out, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; }))
    return std::nullopt;
  return out;
}

base::Result<NotifierAddress> parse_mqtt(std::string_view rest, bool is_tls) {
  NotifierAddress address;
  address.is_mqtt = true;
  std::string_view authority = rest.substr(0, rest.find('/'));
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view who = authority.substr(0, at);
    const std::size_t colon = std::min(who.find(':'), who.size());
    const auto user = percent_decoded(who.substr(0, colon));
    const auto password = percent_decoded(who.substr(std::min(colon + 1, who.size())));
    if (!user || !password) return wrong_address("a URL whose user or password holds malformed escapes or controls");
    address.user = *user;
    address.password = *password;
    authority.remove_prefix(at + 1);
    rest.remove_prefix(at + 1);
  }
  auto url = parse_outgoing_url(fmt::format("https://{}", rest));
  if (!url) return std::unexpected(url.error());
  address.url = *std::move(url);
  address.url.is_tls = is_tls;
  if (!authority.contains(':')) address.url.port = is_tls ? 8883 : 1883;
  const auto topic = percent_decoded(std::string_view(address.url.target).substr(1));
  if (!topic || topic->empty() || topic->size() > kMqttTopicBytesMax || topic->find_first_of("+#?") != std::string::npos)
    return wrong_address("a URL of MQTT whose path is not a topic: 1 to 1024 bytes without wildcards and controls");
  address.url.target = *topic;
  return address;
}

}  // namespace

std::string NotifierAddress::key() const {
  if (!is_mqtt) return (url.is_tls ? "https://" : "http://") + url.authority();
  return fmt::format("{}{}://{}\n{}\n{}", url.is_tls ? "mqtts" : "mqtt", static_cast<int>(version), url.authority(), user,
                     password);
}

base::Result<NotifierAddress> parse_notifier_address(std::string_view text) {
  if (text.size() > kOutgoingUrlBytesMax)
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("a URL of {} bytes; at most {} are taken", text.size(), kOutgoingUrlBytesMax));
  if (text.starts_with("mqtt://")) return parse_mqtt(text.substr(7), false);
  if (text.starts_with("mqtts://")) return parse_mqtt(text.substr(8), true);
  auto url = parse_outgoing_url(text);
  if (!url) return std::unexpected(url.error());
  NotifierAddress address;
  address.url = *std::move(url);
  return address;
}

}  // namespace citiverse::net
