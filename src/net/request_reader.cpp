// Beast's basic_parser calls back with windows into our buffer, so that a request without a body costs no allocation.
#include "net/request_reader.h"

#include <array>
#include <optional>
#include <vector>

// Beast 1.81 asserts that at least 5 bytes follow a last chunk's line, which a client breaks by sending "0\r\n" and one byte
// more: an empty chunked body. The code below the assertion is right for fewer bytes too (the fuzzer runs it under ASan).
#define BOOST_DISABLE_ASSERTS
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "base/check.h"
#include "net/limits.h"
#include "net/target.h"

namespace citiverse::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using View = boost::beast::string_view;

Method method_from(http::verb verb) {
  switch (verb) {
    case http::verb::get: return Method::get;
    case http::verb::head: return Method::head;
    case http::verb::options: return Method::options;
    case http::verb::post: return Method::post;
    case http::verb::put: return Method::put;
    case http::verb::patch: return Method::patch;
    case http::verb::delete_: return Method::delete_;
    default: return Method::other;
  }
}

// What one parser run gathers. Everything is a window into the reader's buffer, except the body.
struct Gathered {
  std::size_t body_bytes_max = kBodyBytesMax;
  bool has_asked_for_large_body = false;
  std::array<Field, kHeaderFieldsMax> fields;
  std::size_t field_count = 0;
  std::string_view target;
  std::string body;
  Request request;
  ReadFailure failure;
  int hosts = 0;
  bool has_length = false;
  bool has_coding = false;
  bool header_done = false;
  bool done = false;

  void reset() {
    body_bytes_max = kBodyBytesMax;
    has_asked_for_large_body = false;
    field_count = 0;
    target = {};
    body.clear();
    if (body.capacity() > kBodyBytesMax) body.shrink_to_fit();
    request = {};
    failure = {};
    hosts = 0;
    has_length = has_coding = header_done = done = false;
  }
};

class Parser final : public http::basic_parser<true> {
 public:
  Parser(Gathered& gathered, const std::vector<char>& buffer, const LargeBody& large_body)
      : into_(gathered), buffer_(buffer), large_body_(large_body) {
    eager(true);
    header_limit(kHeaderBytesMax);
    body_limit(kLargeBodyBytesMax);
  }

 private:
  void refuse(error_code& ec, int status, std::string_view code, std::string detail) {
    into_.failure = {status, code, std::move(detail)};
    ec = http::error::bad_field;
  }

  void on_request_impl(http::verb method, View, View target, int version, error_code& ec) override {
    into_.request.method = method_from(method);
    into_.request.is_http_1_0 = version == 10;
    into_.target = target;
    if (version != 10 && version != 11) refuse(ec, 505, "version_not_supported", "this server speaks HTTP/1.1 and HTTP/1.0");
    if (target.size() > kTargetBytesMax) refuse(ec, 414, "target_too_long", "the request target is longer than 4096 bytes");
  }

  void on_response_impl(int, View, int, error_code&) override {}

  void on_field_impl(http::field name, View text, View value, error_code& ec) override {
    if (into_.header_done) return;  // A trailer: read, and no part of the request (RFC 9110, 6.5.1).
    if (into_.field_count == kHeaderFieldsMax)
      return refuse(ec, 431, "header_too_large", "the request has more than 64 fields");
    // Beast joins folded lines in a buffer of its own; RFC 9112, 5.2 lets a server refuse them.
    const bool in_buffer = value.data() >= buffer_.data() && value.data() <= buffer_.data() + buffer_.size();
    if (!value.empty() && !in_buffer) return refuse(ec, 400, "bad_input", "a field is folded over lines; write it on one line");
    into_.fields[into_.field_count++] = {text, value};
    Request& request = into_.request;
    switch (name) {
      case http::field::host:
        ++into_.hosts;
        request.host = value;
        break;
      case http::field::origin: return set_once(request.origin, text, value, ec);
      case http::field::cookie: return set_once(request.cookie, text, value, ec);
      case http::field::content_type: return set_once(request.content_type, text, value, ec);
      case http::field::authorization: return set_once(request.authorization, text, value, ec);
      case http::field::content_length:
        if (std::exchange(into_.has_length, true)) refuse(ec, 400, "bad_input", "Content-Length is given more than once");
        break;
      case http::field::transfer_encoding:
        if (std::exchange(into_.has_coding, true))
          return refuse(ec, 400, "bad_input", "Transfer-Encoding is given more than once");
        if (!boost::beast::iequals(value, "chunked")) {
          refuse(ec, 501, "not_implemented", "the only transfer coding of requests here is 'chunked'");
        }
        break;
      case http::field::accept_encoding: request.accept_encoding = value; break;
      case http::field::if_none_match: request.if_none_match = value; break;
      case http::field::if_range: request.if_range = value; break;
      case http::field::range: request.range = value; break;
      case http::field::expect:
        refuse(ec, 417, "expectation_failed", "expectations are not met here; send without Expect");
        break;
      default:
        if (boost::beast::iequals(text, "Sec-Fetch-Site")) set_once(request.sec_fetch_site, text, value, ec);
        break;
    }
  }

  // Where the same field comes twice, two programs may each believe another one.
  void set_once(std::string_view& field, View name, View value, error_code& ec) {
    if (field.data() != nullptr) return refuse(ec, 400, "bad_input", std::string(name) + " is given more than once");
    field = value;
  }

  void on_header_impl(error_code& ec) override {
    into_.header_done = true;
    if (into_.has_length && into_.has_coding) {
      return refuse(ec, 400, "bad_input", "both Content-Length and Transfer-Encoding are given; give one");
    }
    if (into_.hosts > 1 || (into_.hosts == 0 && !into_.request.is_http_1_0)) {
      return refuse(ec, 400, "bad_input", "exactly one Host field is needed");
    }
    if (into_.request.is_http_1_0 && into_.has_coding) {
      return refuse(ec, 400, "bad_input", "HTTP/1.0 has no Transfer-Encoding");
    }
    into_.request.keeps_alive = keep_alive();
    if (into_.has_length && may_take(content_length().value_or(0), ec)) into_.body.reserve(content_length().value_or(0));
  }

  // Whether the body may be this large. Who may send more than everybody is asked for once, and before it is read.
  bool may_take(std::uint64_t bytes, error_code& ec) {
    if (bytes > into_.body_bytes_max && large_body_ && !std::exchange(into_.has_asked_for_large_body, true)) {
      Request request = into_.request;
      request.fields = std::span(into_.fields).first(into_.field_count);
      Target target;
      if (net::parse_target(into_.target, target)) {
        request.path = target.path;
        request.query = target.query;
        const auto most = large_body_(request, into_.has_length ? bytes : 0);
        if (!most) {
          refuse(ec, most.error().status, most.error().code, most.error().detail);
          return false;
        }
        into_.body_bytes_max = *most;
      }
    }
    if (bytes <= into_.body_bytes_max) return true;
    refuse(ec, 413, "body_too_large", "the request's body is larger than " + std::to_string(into_.body_bytes_max) + " bytes");
    return false;
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(View body, error_code&) override {
    into_.body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t size, View, error_code& ec) override {
    may_take(size > kLargeBodyBytesMax ? size : into_.body.size() + size, ec);
  }
  std::size_t on_chunk_body_impl(std::uint64_t, View body, error_code&) override {
    into_.body.append(body.data(), body.size());
    return body.size();
  }
  void on_finish_impl(error_code&) override { into_.done = true; }

  Gathered& into_;
  const std::vector<char>& buffer_;
  const LargeBody& large_body_;
};

ReadFailure failure_from(const error_code& ec) {
  if (ec == http::error::header_limit) return {431, "header_too_large", "the request's fields are larger than 16384 bytes"};
  if (ec == http::error::body_limit) return {413, "body_too_large", "the request's body is larger than 8388608 bytes"};
  if (ec == http::error::bad_version) return {505, "version_not_supported", "this server speaks HTTP/1.1 and HTTP/1.0"};
  return {400, "bad_input", "the request is not HTTP: " + ec.message()};
}

}  // namespace

struct RequestReader::Impl {
  std::vector<char> buffer = std::vector<char>(kReadBufferBytes);
  std::size_t begin = 0;     // Of what the parser has not taken.
  std::size_t end = 0;       // Of what has come.
  std::size_t keep_end = 0;  // Of the fields that the request's windows show.
  std::uint64_t address = 0;
  LargeBody large_body;
  Gathered gathered;
  Target target;
  std::optional<Parser> parser;

  // Moves every window when the buffer moves.
  void grow(std::size_t size) {
    std::vector<char> larger(size);
    std::memcpy(larger.data(), buffer.data(), end);
    const auto moved = [&](std::string_view& window) {
      if (window.data() != nullptr) window = {larger.data() + (window.data() - buffer.data()), window.size()};
    };
    for (std::size_t i = 0; i < gathered.field_count; ++i) {
      moved(gathered.fields[i].name);
      moved(gathered.fields[i].value);
    }
    moved(gathered.target);
    moved(gathered.request.accept_encoding);
    moved(gathered.request.if_none_match);
    moved(gathered.request.if_range);
    moved(gathered.request.range);
    moved(gathered.request.host);
    moved(gathered.request.origin);
    moved(gathered.request.sec_fetch_site);
    moved(gathered.request.cookie);
    moved(gathered.request.content_type);
    moved(gathered.request.authorization);
    buffer.swap(larger);
  }

  State finish() {
    Request& request = gathered.request;
    request.fields = std::span(gathered.fields).first(gathered.field_count);
    request.body = gathered.body;
    request.address = address;
    if (gathered.target == "*" && request.method == Method::options) {
      request.asks_for_all = true;
      return State::ready;
    }
    if (auto parsed = parse_target(gathered.target, target); !parsed) {
      gathered.failure = {400, "bad_input", parsed.error().message};
      return State::failed;
    }
    request.path = target.path;
    request.query = target.query;
    return State::ready;
  }
};

RequestReader::RequestReader(std::uint64_t address, LargeBody large_body) : impl_(std::make_unique<Impl>()) {
  impl_->address = address;
  impl_->large_body = std::move(large_body);
}
RequestReader::~RequestReader() = default;

std::span<char> RequestReader::space() {
  Impl& in = *impl_;
  if (in.gathered.header_done && in.begin == in.end) in.begin = in.end = in.keep_end;  // Body bytes are in `body` already.
  if (!in.gathered.header_done && in.begin > 0) {
    std::memmove(in.buffer.data(), in.buffer.data() + in.begin, in.end - in.begin);
    in.end -= in.begin;
    in.begin = 0;
  }
  if (in.gathered.body.capacity() > kBodyReadBytes && in.buffer.size() < kBodyReadBytes) in.grow(kBodyReadBytes);
  if (in.end == in.buffer.size()) in.grow(in.buffer.size() * 2);
  return std::span(in.buffer).subspan(in.end);
}

void RequestReader::filled(std::size_t bytes) {
  CITIVERSE_CHECK(impl_->end + bytes <= impl_->buffer.size(), "no more is read than there is space for");
  impl_->end += bytes;
}

RequestReader::State RequestReader::parse() {
  Impl& in = *impl_;
  if (in.begin == in.end) return State::need_more;
  if (!in.parser) in.parser.emplace(in.gathered, in.buffer, in.large_body);
  error_code ec;
  while (in.begin < in.end && !in.gathered.done) {
    const std::size_t taken = in.parser->put(boost::asio::const_buffer(in.buffer.data() + in.begin, in.end - in.begin), ec);
    const bool was_header = in.keep_end == 0;
    in.begin += taken;
    if (was_header && in.gathered.header_done) in.keep_end = in.begin;
    if (ec == http::error::need_more)
      ec = {};
    else if (!ec && taken > 0)
      continue;
    if (ec) {
      if (in.gathered.failure.code.empty()) in.gathered.failure = failure_from(ec);
      return State::failed;
    }
    break;
  }
  if (in.gathered.done) return in.finish();
  if (in.end - in.begin > kHeaderBytesMax) {  // A chunk's extension or the trailers, without an end.
    in.gathered.failure = {431, "header_too_large", "chunk extensions or trailers are larger than 16384 bytes"};
    return State::failed;
  }
  return State::need_more;
}

const Request& RequestReader::request() const { return impl_->gathered.request; }
const ReadFailure& RequestReader::failure() const { return impl_->gathered.failure; }

void RequestReader::set_address(std::uint64_t address) { impl_->gathered.request.address = address; }

std::span<const char> RequestReader::rest() const {
  return std::span(impl_->buffer).subspan(impl_->begin, impl_->end - impl_->begin);
}

void RequestReader::next() {
  Impl& in = *impl_;
  in.parser.reset();
  in.gathered.reset();
  in.keep_end = 0;
  if (in.begin == in.end) in.begin = in.end = 0;
}

bool RequestReader::has_begun() const { return impl_->begin != impl_->end || impl_->gathered.header_done; }
bool RequestReader::in_body() const { return impl_->gathered.header_done && !impl_->gathered.done; }

}  // namespace citiverse::net
