// Written straight into a string; what is expanded is read as it is written.
#include "api/sensor_things/answer.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "api/sensor_things/ids.h"
#include "base/json_writer.h"
#include "net/origin.h"

namespace citiverse::api::sensor_things {
namespace {

constexpr std::array<std::string_view, 4> kDataArrayComponents{"id", "phenomenonTime", "resultTime", "result"};

void append_comma(std::string& out) {
  if (!out.empty() && out.back() != '{' && out.back() != '[') out += ',';
}

void append_key(std::string& out, std::string_view name) {
  append_comma(out);
  base::JsonWriter(out).text(name);
  out += ':';
}

bool is_selected(const Query& query, std::string_view name) {
  if (query.select.empty()) return true;
  if (is_id_name(name)) return std::ranges::any_of(query.select, [](const std::string& each) { return is_id_name(each); });
  return std::ranges::find(query.select, name) != query.select.end();
}

// Null properties that an answer shows: a result always has a resultTime and a result, be they known or not (8.2.7).
bool is_shown_null(std::string_view property) { return property == "resultTime" || property == "result"; }

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          std::string_view("-._~'()$,;:/@!*").contains(c);
    if (is_plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

// "Observations($top=1;$expand=…)" for each expanded one.
std::string expand_text(const Query& query);

std::string options_text(const Query& query, std::string_view separator) {
  std::string out;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!out.empty()) out += separator;
    out.append(name).append("=").append(value);
  };
  for (const auto& [name, value] : query.options) add(name, value);
  if (!query.expand.empty()) add("$expand", expand_text(query));
  return out;
}

std::string expand_text(const Query& query) {
  std::string out;
  for (const Expand& each : query.expand) {
    if (!out.empty()) out += ',';
    std::string inner = options_text(each.query, ";");
    if (each.query.skip > 0) inner += (inner.empty() ? "$skip=" : ";$skip=") + std::to_string(each.query.skip);
    out += each.navigation;
    if (!inner.empty()) out += "(" + inner + ")";
  }
  return out;
}

}  // namespace

std::string service_root(const SensorThingsApi& api, const net::Request& request) {
  if (!api.origin.empty()) return api.origin + std::string(kBase);
  const auto asked = net::OwnOrigin::parse("http://" + std::string(request.host));
  return (asked ? asked->text() : std::string()) + std::string(kBase);
}

std::string self_link(std::string_view root, Kind kind, std::string_view id) {
  return fmt::format("{}/{}('{}')", root, set_name(kind), id);
}

std::string next_options(const Query& query, std::size_t skip) {
  std::string out;
  for (const auto& [name, value] : query.options) out += fmt::format("{}={}&", name, encoded(value));
  if (!query.expand.empty()) out += fmt::format("$expand={}&", encoded(expand_text(query)));
  return out + fmt::format("$skip={}", skip);
}

base::Result<void> AnswerWriter::entity(std::string& out, Item& item, const Query& query) {
  if (++items_ > kAnswerItemsMax || out.size() > kAnswerBytesMax)
    return base::fail(base::ErrorCode::limit, fmt::format("an answer has at most {} entities and {} MiB; ask for fewer by $top",
                                                          kAnswerItemsMax, kAnswerBytesMax >> 20));
  if (is_selected(query, "phenomenonTime") || is_selected(query, "resultTime"))
    if (auto done = reader_.complete(item); !done) return done;
  out += '{';
  const std::string link = self_link(root_, item.kind, item.id);
  if (is_selected(query, "id")) {
    append_key(out, "@iot.id");
    base::JsonWriter(out).text(item.id);
    append_key(out, "@iot.selfLink");
    base::JsonWriter(out).text(link);
  }
  for (const std::string_view property : properties_of(item.kind)) {
    const Datum* value = item.find(property);
    if (value == nullptr || !is_selected(query, property) || (is_null(*value) && !is_shown_null(property))) continue;
    append_key(out, property);
    append_datum(out, *value);
  }
  for (const Navigation& navigation : navigations_of(item.kind)) {
    if (const Expand* expand = query.find_expand(navigation.name)) {
      if (auto done = expanded(out, item, navigation, expand->query); !done) return done;
    } else if (is_selected(query, navigation.name)) {
      append_key(out, std::string(navigation.name) + "@iot.navigationLink");
      base::JsonWriter(out).text(link + "/" + std::string(navigation.name));
    }
  }
  out += '}';
  return {};
}

base::Result<void> AnswerWriter::expanded(std::string& out, Item& item, const Navigation& navigation, const Query& query) {
  const Source source{.kind = navigation.target,
                      .is_one_series = item.kind == Kind::datastream,
                      .read = [&](const Wanted& wanted, const OnItem& on_item) {
                        return reader_.each_related(item, navigation, wanted, on_item);
                      }};
  const std::size_t top = navigation.is_many ? query.top.value_or(kExpandedTopDefault) : 1;
  auto page = find_page(evaluator_, source, query, top);
  if (!page) return std::unexpected(std::move(page.error()));
  const std::string name(navigation.name);
  if (!navigation.is_many) {
    append_key(out, name);
    if (!page->items.empty()) return entity(out, page->items.front(), query);
    out += "null";
    return {};
  }
  if (page->count) {
    append_key(out, name + "@iot.count");
    base::JsonWriter(out).integer(*page->count);
  }
  append_key(out, name);
  out += '[';
  for (Item& each : page->items) {
    append_comma(out);
    if (auto done = entity(out, each, query); !done) return done;
  }
  out += ']';
  if (!page->has_next) return {};
  append_key(out, name + "@iot.nextLink");
  base::JsonWriter(out).text(self_link(root_, item.kind, item.id) + "/" + name + "?" + next_options(query, query.skip + top));
  return {};
}

void AnswerWriter::begin_page(std::string& out, const Page& page, std::string_view next_link) const {
  out += '{';
  if (page.count) {
    append_key(out, "@iot.count");
    base::JsonWriter(out).integer(*page.count);
  }
  if (!next_link.empty()) {
    append_key(out, "@iot.nextLink");
    base::JsonWriter(out).text(next_link);
  }
  append_key(out, "value");
  out += '[';
}

base::Result<void> AnswerWriter::collection(std::string& out, Page& page, const Query& query, std::string_view next_link) {
  begin_page(out, page, next_link);
  for (Item& each : page.items) {
    append_comma(out);
    if (auto done = entity(out, each, query); !done) return done;
  }
  out += "]}";
  return {};
}

void AnswerWriter::references(std::string& out, const Page& page, std::string_view next_link) const {
  begin_page(out, page, next_link);
  for (const Item& each : page.items) {
    append_comma(out);
    out += '{';
    append_key(out, "@iot.selfLink");
    base::JsonWriter(out).text(self_link(root_, each.kind, each.id));
    out += '}';
  }
  out += "]}";
}

void AnswerWriter::data_arrays(std::string& out, const Page& page, const Query& query, std::string_view next_link) const {
  std::vector<std::string_view> components(kDataArrayComponents.begin(), kDataArrayComponents.end());
  if (!query.select.empty()) components.assign(query.select.begin(), query.select.end());
  std::erase_if(components, [](std::string_view each) { return find_navigation(Kind::observation, each) != nullptr; });
  struct Group {
    std::string datastream;
    std::vector<const Item*> items;
  };
  std::vector<Group> groups;
  for (const Item& each : page.items) {
    std::string id = id_of(
        DatastreamName{each.entity->id, std::string(names_.text(each.attribute)), std::string(names_.text(each.dataset))});
    auto group = std::ranges::find(groups, id, &Group::datastream);
    if (group == groups.end()) group = groups.insert(groups.end(), Group{.datastream = std::move(id), .items = {}});
    group->items.push_back(&each);
  }
  begin_page(out, page, next_link);
  for (const Group& group : groups) {
    append_comma(out);
    out += '{';
    append_key(out, "Datastream@iot.navigationLink");
    base::JsonWriter(out).text(self_link(root_, Kind::datastream, group.datastream));
    append_key(out, "components");
    out += '[';
    for (const std::string_view each : components) {
      append_comma(out);
      base::JsonWriter(out).text(each);
    }
    out += ']';
    append_key(out, "dataArray@iot.count");
    base::JsonWriter(out).integer(group.items.size());
    append_key(out, "dataArray");
    out += '[';
    for (const Item* item : group.items) {
      append_comma(out);
      out += '[';
      for (const std::string_view each : components) {
        append_comma(out);
        const Datum* value = item->find(each);
        append_datum(out, is_id_name(each) ? Datum(item->id) : value == nullptr ? Datum() : *value);
      }
      out += ']';
    }
    out += "]}";
  }
  out += "]}";
}

}  // namespace citiverse::api::sensor_things
