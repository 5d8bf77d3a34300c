// Boost.JSON reads; this file is the only one that includes it, so its implementation is compiled here once.
#include "base/json_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <new>

#include <fmt/format.h>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>

namespace citiverse::base {
namespace {

namespace json = boost::json;

// As the library's own handler, but it counts the members that came: of two with one name the library keeps the last only.
struct Handler {
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  Handler(unsigned char* scratch, std::size_t scratch_bytes) : stack({}, scratch, scratch_bytes) {}

  json::value_stack stack;
  std::size_t members_that_came = 0;

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return true; }
  bool on_object_end(std::size_t members, json::error_code&) {
    members_that_came += members;
    stack.push_object(members);
    return true;
  }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t items, json::error_code&) {
    stack.push_array(items);
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    stack.push_chars(part);
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    stack.push_key(part);
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    stack.push_chars(part);
    return true;
  }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    stack.push_string(part);
    return true;
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t value, json::string_view, json::error_code&) {
    stack.push_int64(value);
    return true;
  }
  bool on_uint64(std::uint64_t value, json::string_view, json::error_code&) {
    stack.push_uint64(value);
    return true;
  }
  bool on_double(double value, json::string_view, json::error_code&) {
    stack.push_double(value);
    return true;
  }
  bool on_bool(bool value, json::error_code&) {
    stack.push_bool(value);
    return true;
  }
  bool on_null(json::error_code&) {
    stack.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
};

std::size_t count_members(const json::value& value) {
  std::size_t count = 0;
  if (const json::object* object = value.if_object()) {
    count = object->size();
    for (const auto& member : *object) count += count_members(member.value());
  } else if (const json::array* array = value.if_array()) {
    for (const json::value& item : *array) count += count_members(item);
  }
  return count;
}

}  // namespace

bool JsonValue::is_null() const { return value_ != nullptr && value_->is_null(); }
bool JsonValue::is_object() const { return value_ != nullptr && value_->is_object(); }
bool JsonValue::is_array() const { return value_ != nullptr && value_->is_array(); }

std::optional<std::string_view> JsonValue::text() const {
  if (value_ == nullptr || !value_->is_string()) return std::nullopt;
  const json::string& text = value_->get_string();
  return std::string_view(text.data(), text.size());
}

std::optional<bool> JsonValue::boolean() const {
  if (value_ == nullptr || !value_->is_bool()) return std::nullopt;
  return value_->get_bool();
}

std::optional<std::int64_t> JsonValue::integer() const {
  if (value_ == nullptr) return std::nullopt;
  if (value_->is_int64()) return value_->get_int64();
  if (!value_->is_double()) return std::nullopt;
  const double number = value_->get_double();
  // Beyond 2^53 a double no longer says which whole number was meant.
  if (std::trunc(number) != number || std::abs(number) > 0x1p53) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<double> JsonValue::number() const {
  if (value_ == nullptr || !value_->is_number()) return std::nullopt;
  return value_->to_number<double>();
}

std::size_t JsonValue::size() const {
  if (is_array()) return value_->get_array().size();
  return is_object() ? value_->get_object().size() : 0;
}

JsonValue JsonValue::operator[](std::size_t index) const {
  if (!is_array() || index >= size()) return {};
  return JsonValue(&value_->get_array()[index]);
}

std::pair<std::string_view, JsonValue> JsonValue::member(std::size_t index) const {
  if (!is_object() || index >= size()) return {};
  const json::key_value_pair& pair = *(value_->get_object().begin() + static_cast<std::ptrdiff_t>(index));
  return {std::string_view(pair.key().data(), pair.key().size()), JsonValue(&pair.value())};
}

JsonValue JsonValue::find(std::string_view name) const {
  if (!is_object()) return {};
  return JsonValue(value_->get_object().if_contains(json::string_view(name.data(), name.size())));
}

// The values lie one after another in a few blocks that go at once: a document is read, looked at and forgotten.
struct JsonDocument::Kept {
  explicit Kept(std::size_t first_bytes) : memory(first_bytes) {}

  json::monotonic_resource memory;
  // Never destroyed one by one: of what it holds nothing lies anywhere else.
  const json::value* value = nullptr;
};

Result<JsonDocument> JsonDocument::parse(std::string_view text, std::size_t depth_max) {
  constexpr std::size_t kFirstBytesMax = 64 << 10;
  constexpr std::size_t kScratchBytes = 2 << 10;
  json::parse_options options;
  options.max_depth = depth_max;
  auto kept = std::make_unique<Kept>(std::min(2 * text.size(), kFirstBytesMax));
  alignas(json::value) std::array<unsigned char, kScratchBytes> scratch;
  json::basic_parser<Handler> parser(options, scratch.data(), scratch.size());
  parser.handler().stack.reset(&kept->memory);
  json::error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (!error && read < text.size()) error = json::error::extra_data;
  if (error) return fail(ErrorCode::bad_input, fmt::format("not JSON at byte {}: {}", read, error.message()));
  void* const place = kept->memory.allocate(sizeof(json::value), alignof(json::value));
  kept->value = ::new (place) json::value(parser.handler().stack.release());
  if (count_members(*kept->value) != parser.handler().members_that_came)
    return fail(ErrorCode::bad_input, "JSON with an object that names a member twice");
  return JsonDocument(std::move(kept));
}

JsonValue JsonDocument::root() const { return JsonValue(kept_ ? kept_->value : nullptr); }

JsonDocument::JsonDocument(std::unique_ptr<const Kept> kept) : kept_(std::move(kept)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

}  // namespace citiverse::base
