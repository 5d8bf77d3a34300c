// A family of edits: which properties an object of one kind has, what each may be, and what the city gets from them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "city/city.h"
#include "city/city_patch.h"
#include "city/enum_names.h"
#include "plan/object_id.h"
#include "plan/value.h"

namespace citiverse::plan {

class ObjectEdits;

enum class ValueType : std::uint8_t {
  boolean,
  number,
  whole_number,
  text,
  word,
  point,
  line,
  outline,
  section,
  crossings,
  stops
};
std::string_view name_of(ValueType type);

struct PropertyRule {
  std::string_view name;  ///< On every wire, in snake_case with the unit last.
  ValueType type;
  double least = 0;  ///< Of numbers.
  double most = 0;
  std::string_view unit{};
  std::span<const std::string_view> (*words)() = nullptr;  ///< Of words.
  bool is_needed = false;                                  ///< What is added must have it.
};

/// One object of a plan, as checks and the making of the city see it: what was written over what the base has.
class ObjectView {
 public:
  ObjectView(const city::City& base, ObjectId id, const ObjectEdits& edits);

  const city::City& base() const { return base_; }
  ObjectId id() const { return id_; }
  /// Of the base; null for what the plan adds.
  const city::Feature* feature() const { return feature_; }
  /// Null where nothing is written, or 'as the base has it'.
  const Value* written(std::size_t property) const;
  /// What is written, else what the base has, else nothing.
  Value value(std::size_t property) const;
  template <class T>
  std::optional<T> get(std::size_t property) const {
    Value v = value(property);
    if (auto* found = std::get_if<T>(&v)) return std::move(*found);
    return std::nullopt;
  }
  /// Written only.
  template <class T>
  const T* get_written(std::size_t property) const {
    const Value* v = written(property);
    return v == nullptr ? nullptr : std::get_if<T>(v);
  }

 private:
  const city::City& base_;
  ObjectId id_;
  const ObjectEdits& edits_;
  const city::Feature* feature_ = nullptr;
};

struct Family {
  std::uint8_t kind;
  std::string_view name;
  std::span<const PropertyRule> properties;
  /// What the base has; monostate where it has nothing. Null for kinds that the city does not know.
  Value (*base_value)(const city::City& city, const city::Feature& feature, std::size_t property);
  /// Properties that must fit each other. The message names numbers.
  base::Result<void> (*check)(const ObjectView& object);
  /// Puts the object into the city. Null for kinds that the city does not know.
  void (*put)(const ObjectView& object, city::CityPatch& patch);

  std::optional<std::size_t> property(std::string_view name) const;
};

std::span<const Family* const> families();
/// Null for kinds that no plan can change, such as railways.
const Family* family_of(std::uint8_t kind);
const Family* family_named(std::string_view name);

// ---- what families share -------------------------------------------------------------------------------------------

/// The written shape as a new geometry, else the base's own.
city::Geometry geometry_for(const ObjectView& object, std::size_t property, city::CityPatch& patch);
city::TextRef name_for(const ObjectView& object, std::size_t property, city::CityPatch& patch);
/// Those of the base, with `more` in place of its own of the same key; an empty value takes the key away. Says in "plan" that
/// the object is "new" or "changed".
struct KeyValue {
  std::string_view key;
  std::string value;
};
std::vector<city::Attribute> attributes_for(const ObjectView& object, std::span<const KeyValue> more, city::CityPatch& patch);
Value text_value(std::string_view text);
Value shape_value(const city::City& city, const city::Feature& feature);

/// Writes a number or a word over a field, when the property is written.
template <class T>
void write_number(const ObjectView& object, std::size_t property, T& field) {
  if (const auto* v = object.get_written<double>(property)) field = static_cast<T>(*v);
}
template <class Enum>
void write_word(const ObjectView& object, std::size_t property, Enum& field) {
  if (const auto* v = object.get_written<std::string>(property)) field = city::value_for<Enum>(*v).value_or(field);
}
inline void write_bool(const ObjectView& object, std::size_t property, bool& field) {
  if (const auto* v = object.get_written<bool>(property)) field = *v;
}

}  // namespace citiverse::plan
