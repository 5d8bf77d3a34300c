// The first step is an entity set; each later one must be a navigation of the one before, or a property, which ends the path.
#include "api/sensor_things/resource_path.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace citiverse::api::sensor_things {
namespace {

using base::ErrorCode;

std::unexpected<base::Error> no_such_resource(std::string_view segment) {
  return base::fail(ErrorCode::not_found, fmt::format("there is no '{}' here", base::clean_text(segment, 80)));
}

// Parts at '/' outside of quotation marks.
std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  bool is_quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= path.size(); ++i) {
    if (i < path.size() && path[i] == '\'') is_quoted = !is_quoted;
    if (i < path.size() && (path[i] != '/' || is_quoted)) continue;
    if (i > begin) segments.push_back(path.substr(begin, i - begin));
    begin = i + 1;
  }
  return segments;
}

base::Result<std::string> id_in(std::string_view text) {
  const bool is_number = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (is_number) return std::string(text);
  if (text.size() < 3 || text.front() != '\'' || text.back() != '\'')
    return base::fail(ErrorCode::bad_input, "an id in an address is a number, or a text between single quotation marks");
  text = text.substr(1, text.size() - 2);
  std::string id;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'' && (i + 1 == text.size() || text[++i] != '\''))
      return base::fail(ErrorCode::bad_input, "a quotation mark within an id is written twice");
    id += text[i];
  }
  return id;
}

base::Result<Step> step_from(std::string_view segment, const Step* before) {
  const std::size_t open = segment.find('(');
  Step step{.navigation = std::string(segment.substr(0, open)), .id = {}};
  if (before == nullptr) {
    const auto kind = kind_of_set(step.navigation);
    if (!kind) return no_such_resource(segment);
    step.kind = *kind;
  } else {
    const Navigation* navigation = before->is_one() ? find_navigation(before->kind, step.navigation) : nullptr;
    if (navigation == nullptr) return no_such_resource(segment);
    step.kind = navigation->target;
    step.is_many = navigation->is_many;
  }
  if (open == std::string_view::npos) return step;
  if (!step.is_many || segment.back() != ')') return no_such_resource(segment);
  auto id = id_in(segment.substr(open + 1, segment.size() - open - 2));
  if (!id) return std::unexpected(std::move(id.error()));
  step.id = *std::move(id);
  return step;
}

}  // namespace

base::Result<ResourcePath> parse_resource_path(std::string_view path) {
  ResourcePath out;
  for (const std::string_view segment : segments_of(path)) {
    const Step* before = out.steps.empty() ? nullptr : &out.steps.back();
    if (out.end == ResourcePath::End::reference || out.end == ResourcePath::End::value) return no_such_resource(segment);
    if (out.end == ResourcePath::End::property) {
      if (segment == "$value")
        out.end = ResourcePath::End::value;
      else
        out.property.emplace_back(segment);
      continue;
    }
    const bool is_after_one = before != nullptr && before->is_one();
    if (segment == "$ref" && before != nullptr) {
      out.end = ResourcePath::End::reference;
    } else if (is_after_one && (is_id_name(segment) || has_property(before->kind, segment))) {
      out.end = ResourcePath::End::property;
      out.property.emplace_back(segment);
    } else {
      auto step = step_from(segment, before);
      if (!step) return std::unexpected(std::move(step.error()));
      out.steps.push_back(*std::move(step));
    }
    if (out.steps.size() + out.property.size() > kPathStepsMax)
      return base::fail(ErrorCode::limit, fmt::format("an address has at most {} steps", kPathStepsMax));
  }
  return out;
}

}  // namespace citiverse::api::sensor_things
