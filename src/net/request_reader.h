// Bytes of a connection → requests. The grammar is Boost.Beast's; what it lets pass and RFC 9112 does not is refused here.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/request.h"

namespace citiverse::net {

/// Why a request cannot be answered; the connection closes after it has been said.
struct ReadFailure {
  int status = 400;
  std::string_view code;  ///< Stable, as in the contract's Problem.
  std::string detail;
};

/// Whether a body larger than kBodyBytesMax may come: `bytes` is its length, or 0 where it is not known before its end. Gives
/// the most that is taken. The request has everything but its body; its windows are valid during the call only.
using LargeBody = std::function<std::expected<std::size_t, ReadFailure>(const Request&, std::uint64_t bytes)>;

/// Reads one connection's requests one after another. Bounded by kHeaderBytesMax, kHeaderFieldsMax, kTargetBytesMax and
/// kBodyBytesMax, or what `large_body` gives. Threads: one owner.
class RequestReader {
 public:
  enum class State { need_more, ready, failed };

  /// `address` is shown in every request: Request::address.
  explicit RequestReader(std::uint64_t address = 0, LargeBody large_body = {});
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// Where the next bytes of the connection go; never empty while parse() says need_more.
  std::span<char> space();
  void filled(std::size_t bytes);
  State parse();

  const Request& request() const;      ///< After ready.
  const ReadFailure& failure() const;  ///< After failed.
  /// The request that is ready shows another address.
  void set_address(std::uint64_t address);
  /// The bytes that came after the request; after ready.
  std::span<const char> rest() const;
  /// Forgets the request; bytes that came after it stay.
  void next();

  bool has_begun() const;  ///< Some bytes of a request have come.
  bool in_body() const;    ///< Its fields have come, its body not yet.

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace citiverse::net
