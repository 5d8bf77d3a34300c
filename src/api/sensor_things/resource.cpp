// An entity of a nested collection is found by its id and then asked whether it belongs there: collections may be long.
#include "api/sensor_things/resource.h"

#include <algorithm>

namespace citiverse::api::sensor_things {
namespace {

// Whether `item` leads back to `owner`, as `step` leads from it.
base::Result<bool> belongs(Reader& reader, const Item& item, const Item& owner) {
  bool is_there = false;
  for (const Navigation& back : navigations_of(item.kind)) {
    if (back.target != owner.kind || is_there) continue;
    auto read = reader.each_related(item, back, {}, [&](Item& each) {
      is_there = each.id == owner.id;
      return is_there ? Go::stop : Go::on;
    });
    if (!read) return std::unexpected(std::move(read.error()));
  }
  return is_there;
}

base::Result<std::optional<Item>> take_step(Reader& reader, const Step& step, const std::optional<Item>& owner) {
  if (step.id) {
    auto found = reader.find(step.kind, *step.id);
    if (!found || !*found || !owner) return found;
    const auto is_there = belongs(reader, **found, *owner);
    if (!is_there) return std::unexpected(is_there.error());
    return *is_there ? std::move(found) : std::nullopt;
  }
  std::optional<Item> found;
  auto read = reader.each_related(*owner, *find_navigation(owner->kind, step.navigation), {}, [&](Item& each) {
    found = std::move(each);
    return Go::stop;
  });
  if (!read) return std::unexpected(std::move(read.error()));
  return found;
}

}  // namespace

Answered<Resource> follow(Reader& reader, std::string_view path) {
  auto parsed = parse_resource_path(path);
  if (!parsed) return std::unexpected(refusal(parsed.error()));
  Resource resource{.path = *std::move(parsed), .item = {}};
  if (resource.path.steps.empty()) return std::unexpected(not_there());
  for (const Step& step : resource.path.steps) {
    resource.is_collection = !step.is_one();
    if (resource.is_collection) break;  // It is the last one.
    auto found = take_step(reader, step, resource.item);
    if (!found) return std::unexpected(refusal(found.error()));
    if (!*found) return std::unexpected(not_there());
    resource.item = **std::move(found);
  }
  return resource;
}

Source source_of(Reader& reader, const Resource& resource) {
  Source source{.kind = resource.kind(), .read = {}};
  if (!resource.item) {
    source.read = [&reader, kind = source.kind](const Wanted& wanted, const OnItem& on_item) {
      return reader.each(kind, wanted, on_item);
    };
    return source;
  }
  source.is_one_series = resource.item->kind == Kind::datastream;
  source.read = [&reader, &resource](const Wanted& wanted, const OnItem& on_item) {
    const Item& owner = *resource.item;
    return reader.each_related(owner, *find_navigation(owner.kind, resource.path.steps.back().navigation), wanted, on_item);
  };
  return source;
}

}  // namespace citiverse::api::sensor_things
