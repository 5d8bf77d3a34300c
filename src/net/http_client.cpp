// One coroutine a call on a loop of its own: whatever hangs, the loop's end of time ends it.
#include "net/http_client.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "net/outgoing_tls.h"
#include "net/outgoing_url.h"

namespace citiverse::net {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using base::ErrorCode;
using base::fail;
using base::Result;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

using Message = http::request<http::string_body>;
using Answer = std::optional<Result<OutgoingAnswer>>;

bool is_public(const asio::ip::address& address) {
  if (address.is_v4()) return is_public_ipv4(address.to_v4().to_uint());
  return is_public_ipv6(address.to_v6().to_bytes());
}

Message message_of(const OutgoingRequest& request, const OutgoingUrl& url) {
  Message message(request.method == Method::post ? http::verb::post : http::verb::get, url.target, 11);
  const bool has_usual_port = url.port == (url.is_tls ? 443 : 80);
  message.set(http::field::host, has_usual_port ? url.host : url.authority());
  message.set(http::field::user_agent, "citiverse");
  message.set(http::field::accept, request.accept);
  message.set(http::field::connection, "close");
  if (!request.authorization.empty()) message.set(http::field::authorization, request.authorization);
  if (!request.content_type.empty()) message.set(http::field::content_type, request.content_type);
  message.body() = request.body;
  message.prepare_payload();
  return message;
}

OutgoingAnswer answer_of(http::response<http::string_body>&& response) {
  OutgoingAnswer answer;
  answer.status = static_cast<int>(response.result_int());
  answer.cache_control = std::string(response[http::field::cache_control]);
  std::string media_type(response[http::field::content_type]);
  media_type.erase(std::min(media_type.find(';'), media_type.size()));
  while (media_type.ends_with(' ')) media_type.pop_back();
  std::ranges::transform(media_type, media_type.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  answer.media_type = std::move(media_type);
  answer.body = std::move(response.body());
  return answer;
}

template <class Stream>
asio::awaitable<void> exchange(Stream& stream, const OutgoingUrl& url, const Message& message, std::size_t bytes_max,
                               Answer& answer) {
  auto [write_error, written] = co_await http::async_write(stream, message, kAwait);
  if (write_error) {
    answer = fail(ErrorCode::unavailable, fmt::format("{}: sending failed: {}", url.authority(), write_error.message()));
    co_return;
  }
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(bytes_max);
  parser.header_limit(kOutgoingHeaderBytesMax);
  auto [read_error, read] = co_await http::async_read(stream, buffer, parser, kAwait);
  if (read_error == http::error::body_limit || read_error == http::error::header_limit) {
    answer = fail(ErrorCode::limit, fmt::format("{}: its answer is longer than {} bytes", url.authority(), bytes_max));
  } else if (read_error) {
    answer = fail(ErrorCode::unavailable, fmt::format("{}: no whole answer: {}", url.authority(), read_error.message()));
  } else {
    answer = answer_of(parser.release());
  }
}

asio::awaitable<void> fetch(const OutgoingUrl& url, const Message& message, bool is_trusted, std::size_t bytes_max,
                            asio::ssl::context& tls, Answer& answer) {
  const auto executor = co_await asio::this_coro::executor;
  tcp::resolver resolver(executor);
  auto [resolve_error, found] = co_await resolver.async_resolve(url.host, std::to_string(url.port), kAwait);
  if (resolve_error) {
    answer = fail(ErrorCode::unavailable, fmt::format("{}: the name is not known: {}", url.host, resolve_error.message()));
    co_return;
  }
  for (const auto& entry : found) {
    if (!is_trusted && !is_public(entry.endpoint().address())) {
      answer =
          fail(ErrorCode::denied, fmt::format("{} leads to an address that is not public; the operator can allow it by naming "
                                              "{} among the trusted hosts",
                                              url.host, url.authority()));
      co_return;
    }
  }
  asio::ssl::stream<tcp::socket> stream(executor, tls);
  auto [connect_error, endpoint] = co_await asio::async_connect(stream.next_layer(), found, kAwait);
  if (connect_error) {
    answer = fail(ErrorCode::unavailable, fmt::format("{}: no connection: {}", url.authority(), connect_error.message()));
    co_return;
  }
  if (!url.is_tls) {
    co_await exchange(stream.next_layer(), url, message, bytes_max, answer);
    co_return;
  }
  SSL_set_tlsext_host_name(stream.native_handle(), url.host.c_str());
  stream.set_verify_callback(asio::ssl::host_name_verification(url.host));
  auto [tls_error] = co_await stream.async_handshake(asio::ssl::stream_base::client, kAwait);
  if (tls_error) {
    answer = fail(ErrorCode::unavailable,
                  fmt::format("{}: TLS failed: {}", url.authority(), outgoing_tls_reason(stream.native_handle(), tls_error)));
    co_return;
  }
  co_await exchange(stream, url, message, bytes_max, answer);
}

}  // namespace

Result<OutgoingAnswer> HttpClient::send(const OutgoingRequest& request) const {
  const auto url = parse_outgoing_url(request.url);
  if (!url) return std::unexpected(url.error());
  const bool is_trusted = std::ranges::find(policy_.trusted_hosts, url->authority()) != policy_.trusted_hosts.end();
  if (!url->is_tls && !is_trusted)
    return fail(ErrorCode::denied, fmt::format("{} may only be called by https", url->authority()));
  auto tls = outgoing_tls(policy_.authorities);
  if (!tls) return std::unexpected(tls.error());
  const Message message = message_of(request, *url);
  Answer answer;
  asio::io_context io(1);
  asio::co_spawn(io, fetch(*url, message, is_trusted, policy_.answer_bytes_max, *tls, answer), asio::detached);
  io.run_for(policy_.time_max);
  if (!answer)
    return fail(ErrorCode::unavailable, fmt::format("{}: no answer within {} ms", url->authority(), policy_.time_max.count()));
  return std::move(*answer);
}

}  // namespace citiverse::net
