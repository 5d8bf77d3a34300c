// One HTTP request as routes see it: windows into the connection's buffer, valid until the answer is given.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace citiverse::net {

enum class Method : std::uint8_t { get, head, options, post, put, patch, delete_, other };

struct Field {
  std::string_view name;  ///< As it came; compare without case.
  std::string_view value;
};

struct Request {
  Method method = Method::get;
  std::string_view path;   ///< Decoded and checked by parse_target.
  std::string_view query;  ///< Raw.
  std::span<const Field> fields;
  std::string_view body;
  // Fields that decide how an answer is sent; empty when absent.
  std::string_view accept_encoding;
  std::string_view if_none_match;
  std::string_view if_range;
  std::string_view range;
  bool asks_for_all = false;  ///< The target is "*", which only OPTIONS may ask.
  bool is_http_1_0 = false;
  bool keeps_alive = true;  ///< What the client wants.

  bool is_head() const { return method == Method::head; }
};

}  // namespace citiverse::net
