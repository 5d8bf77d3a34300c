// Which page a request comes from: what may change something is taken from our own pages only.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/request.h"

namespace citiverse::net {

/// The origin of this node's pages (RFC 6454), against which requests are held. Names of the loopback interface are equal
/// (localhost, 127.0.0.1, [::1]) when scheme and port are. Threads: reading is safe.
class OwnOrigin {
 public:
  /// Knows no origin of its own: an Origin must name the authority that the request was sent to, its Host field.
  OwnOrigin() = default;
  /// `origin` such as "https://city.example" or "http://127.0.0.1:8080". Fails: bad_input for anything else, a path included.
  static base::Result<OwnOrigin> parse(std::string_view origin);

  /// True when Origin is ours or, where a client sends none, Sec-Fetch-Site says "same-origin" (W3C Fetch Metadata, 2.3).
  /// "null" and a request with neither are not ours.
  bool is_from_own_page(const Request& request) const;
  bool is_secure() const { return text_.starts_with("https:"); }
  const std::string& text() const { return text_; }  ///< As a browser writes it; empty when none is known.

 private:
  std::string text_;
};

}  // namespace citiverse::net
