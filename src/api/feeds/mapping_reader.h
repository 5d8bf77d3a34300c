// Walking a mapping file: where one is, and the first thing that is wrong there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/feeds/value_template.h"
#include "base/json_reader.h"
#include "base/result.h"

namespace citiverse::api::feeds {

/// An object of the file. Reads go on after a failure; the first one counts. Members that nobody asked for are failures.
class MappingObject {
 public:
  struct Failure {
    std::optional<base::Error> first;
  };
  MappingObject(base::JsonValue object, std::string place, Failure& failure);

  bool has(std::string_view name);
  base::JsonValue value(std::string_view name);
  std::string place_of(std::string_view name) const;
  void fail(std::string_view name, std::string_view why);

  std::string text(std::string_view name, std::size_t bytes_max);  ///< Needed.
  std::string text_or(std::string_view name, std::size_t bytes_max, std::string usual);
  bool boolean_or(std::string_view name, bool usual);
  double number_or(std::string_view name, double usual);
  std::int64_t integer_or(std::string_view name, std::int64_t least, std::int64_t most, std::int64_t usual);
  /// The place of a text among `choices`.
  std::size_t choice_or(std::string_view name, std::vector<std::string_view> choices, std::size_t usual);
  ValueTemplate needed_template(std::string_view name, const std::vector<std::string>& names);
  std::optional<ValueTemplate> any_template(std::string_view name, const std::vector<std::string>& names);
  std::optional<formats::JsonPath> path(std::string_view name);
  /// Objects of an array.
  std::vector<MappingObject> objects(std::string_view name, std::size_t count_max);
  MappingObject object(std::string_view name);
  std::size_t member_count() const { return object_.size(); }
  std::string_view member_name(std::size_t i) const { return object_.member(i).first; }
  /// Members that were not asked for. Call last.
  void finish();

 private:
  base::JsonValue object_;
  std::string place_;
  Failure* failure_;
  std::vector<std::string_view> asked_;
};

/// A name of letters, digits, '-' and '_' that is part of addresses and metrics.
std::string plain_name(MappingObject& object, std::string_view member);
/// " line 3, column 7:" for a message that says "at byte 42"; empty for any other.
std::string place_in_json_text(std::string_view text, std::string_view message);

}  // namespace citiverse::api::feeds
