// What client and server agree on in fields: encodings, validators, ranges and dates. Text in, decision out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace citiverse::net {

enum class Encoding : std::uint8_t { identity, gzip, brotli };

/// The value of Content-Encoding; empty for identity.
std::string_view name_of(Encoding encoding);

/// The best of brotli, gzip and identity that Accept-Encoding allows (RFC 9110, 12.5.3): the highest weight wins, brotli before
/// gzip before identity at equal weights. Where nothing is allowed, identity: the RFC lets a server answer all the same.
/// A malformed member is passed over. Cost: no allocation.
Encoding choose_encoding(std::string_view accept_encoding);

/// Whether If-None-Match names `etag` (a quoted strong validator) or is "*": weak comparison (RFC 9110, 13.1.2).
bool if_none_match_holds(std::string_view if_none_match, std::string_view etag);

/// Whether If-Range lets the Range stand: only an equal strong validator does; we give no dates (RFC 9110, 13.1.5).
bool if_range_holds(std::string_view if_range, std::string_view etag);

/// A part of a representation; `count` is at least 1.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};
enum class RangeVerdict : std::uint8_t { whole, part, unsatisfiable };
struct RangeAnswer {
  RangeVerdict verdict = RangeVerdict::whole;
  ByteRange range;
};

/// What a Range field asks of `size` bytes (RFC 9110, 14.1.2). An unknown unit, malformed ranges and more than kRangesMax
/// ranges are passed over, as the RFC allows: the whole is answered.
RangeAnswer parse_range(std::string_view range, std::uint64_t size);

/// IMF-fixdate (RFC 9110, 5.6.7) of seconds since 1970: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(std::int64_t unix_seconds);

}  // namespace citiverse::net
