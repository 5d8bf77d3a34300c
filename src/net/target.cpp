// One pass of percent-decoding; everything suspicious is refused rather than repaired.
#include "net/target.h"

#include "base/text.h"
#include "net/limits.h"

namespace citiverse::net {
namespace {

using base::ErrorCode;
using base::fail;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte of the escape at `at`, or −1.
int escaped_byte(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size()) return -1;
  const int high = hex_value(text[at + 1]);
  const int low = hex_value(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool is_plain(std::string_view path) {
  for (const char c : path) {
    if (c <= 0x20 || c == '%' || c == '\\' || c == '#' || c == 0x7F || static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

bool has_dot_segment(std::string_view path) {
  for (std::size_t at = path.find("/."); at != std::string_view::npos; at = path.find("/.", at + 1)) {
    const std::string_view rest = path.substr(at + 2);
    if (rest.empty() || rest[0] == '/' || rest == "." || rest.starts_with("./")) return true;
  }
  return path.find("//") != std::string_view::npos;
}

base::Result<std::string> decode_path(std::string_view raw) {
  std::string path;
  path.reserve(raw.size());
  for (std::size_t at = 0; at < raw.size(); ++at) {
    int byte = static_cast<unsigned char>(raw[at]);
    if (byte == '%') {
      byte = escaped_byte(raw, at);
      if (byte < 0) return fail(ErrorCode::bad_input, "the path holds a '%' that no two hexadecimal digits follow");
      at += 2;
      if (byte == '/') {
        path += kEscapedSlash;
        continue;
      }
      if (byte == '%') return fail(ErrorCode::bad_input, "the path is escaped twice; escape it once");
    }
    if (byte < 0x20 || byte == 0x7F) return fail(ErrorCode::bad_input, "the path holds a control character");
    if (byte == '\\') return fail(ErrorCode::bad_input, "the path holds a backslash; separate with '/'");
    path += static_cast<char>(byte);
  }
  if (!base::is_utf8(path)) return fail(ErrorCode::bad_input, "the path is not UTF-8");
  return path;
}

base::Result<std::string> decode_parameter(std::string_view raw) {
  std::string text;
  text.reserve(raw.size());
  for (std::size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] == '+') {
      text += ' ';
    } else if (raw[at] == '%') {
      const int byte = escaped_byte(raw, at);
      if (byte < 0) return fail(ErrorCode::bad_input, "the query holds a '%' that no two hexadecimal digits follow");
      if (byte == 0) return fail(ErrorCode::bad_input, "the query holds a NUL byte");
      text += static_cast<char>(byte);
      at += 2;
    } else {
      text += raw[at];
    }
  }
  if (!base::is_utf8(text)) return fail(ErrorCode::bad_input, "the query is not UTF-8; escape the UTF-8 bytes of a text");
  return text;
}

}  // namespace

base::Result<Target> parse_target(std::string_view target) {
  Target parsed;
  if (auto done = parse_target(target, parsed); !done) return std::unexpected(done.error());
  return parsed;
}

base::Result<void> parse_target(std::string_view target, Target& parsed) {
  if (target.empty() || target[0] != '/') return fail(ErrorCode::bad_input, "the request target must begin with '/'");
  if (target.find('#') != std::string_view::npos) {
    return fail(ErrorCode::bad_input, "the request target holds a fragment; leave out what follows '#'");
  }
  const std::size_t mark = target.find('?');
  const std::string_view raw = target.substr(0, mark);
  parsed.query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  if (is_plain(raw)) {
    parsed.path.assign(raw);
  } else {
    auto path = decode_path(raw);
    if (!path) return std::unexpected(path.error());
    parsed.path = std::move(*path);
  }
  if (has_dot_segment(parsed.path)) return fail(ErrorCode::bad_input, "the path holds an empty, '.' or '..' segment");
  return {};
}

base::Result<QueryParameters> parse_query(std::string_view query) {
  QueryParameters parameters;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    if (parameters.size() == kQueryParametersMax) return fail(ErrorCode::limit, "the query has more than 32 parameters");
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = decode_parameter(pair.substr(0, equals));
    if (!name) return std::unexpected(name.error());
    auto value = decode_parameter(pair.substr(std::min(equals + 1, pair.size())));
    if (!value) return std::unexpected(value.error());
    parameters.emplace_back(std::move(*name), std::move(*value));
  }
  return parameters;
}

}  // namespace citiverse::net
