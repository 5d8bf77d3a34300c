// The request target, taken apart once and strictly: what passes here cannot leave a folder by a trick of spelling.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace citiverse::net {

/// Stands in a decoded path for a '/' that was written as %2F: it separates nothing (RFC 3986, 2.2). No other path holds it.
inline constexpr char kEscapedSlash = '\x1F';

/// A decoded path and the query as it came.
struct Target {
  std::string path;        ///< Percent-decoded, valid UTF-8, begins with '/', no empty, '.' or '..' segment inside.
  std::string_view query;  ///< Raw, without '?'; a window into the target that was parsed.
};

/// Origin-form targets only (RFC 9112, 3.2.1); `*` is for OPTIONS and handled before.
/// Refuses: NUL and other controls, backslash, '.' and '..' segments, malformed escapes, escapes that decode to an
/// escape, invalid UTF-8, a fragment. Fails: bad_input.
base::Result<Target> parse_target(std::string_view target);
/// The same into a Target whose memory is used again: no allocation once it has grown.
base::Result<void> parse_target(std::string_view target, Target& parsed);

/// A query's parameters in order, decoded ('+' is a space; RFC 3986 escapes), each valid UTF-8.
/// Fails: bad_input for malformed escapes or UTF-8 and NUL; limit for more than kQueryParametersMax.
using QueryParameters = std::vector<std::pair<std::string, std::string>>;
base::Result<QueryParameters> parse_query(std::string_view query);

}  // namespace citiverse::net
