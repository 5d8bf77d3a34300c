// New entities get ids that nothing bears, so that within a plan only the disk can say no.
#include "api/sensor_things/plan.h"

#include <algorithm>
#include <map>
#include <random>

#include <fmt/format.h>

#include "api/ngsi_ld/entity_edits.h"
#include "api/sensor_things/ids.h"

namespace citiverse::api::sensor_things {
namespace {

namespace history = twin::history;

std::string fresh_id(std::string_view type_iri) {
  static thread_local std::random_device device;
  const std::string_view type = type_iri.substr(type_iri.find('#') + 1);
  return fmt::format("urn:ngsi-ld:{}:{:08x}{:08x}{:08x}", type, device(), device(), device());
}

void stamp_all(twin::Attribute& attribute, twin::TimeUs created_us, twin::TimeUs now_us) {
  attribute.created_us = created_us;
  attribute.modified_us = now_us;
  for (twin::Attribute& each : attribute.about) stamp_all(each, created_us, now_us);
}

}  // namespace

bool Draft::puts_any(twin::NameId name, twin::NameId dataset) const {
  return std::ranges::any_of(puts, [&](const twin::Attribute& each) { return each.name == name && each.dataset == dataset; });
}

Draft& Plan::make(Kind kind) {
  Draft& draft = drafts_.emplace_back();
  draft.new_type = api_.terms.type_of(kind);
  draft.id = fresh_id(api_.store.names().text(draft.new_type));
  return draft;
}

Draft& Plan::change(std::string_view entity) {
  const auto found = std::ranges::find(drafts_, entity, &Draft::id);
  if (found != drafts_.end()) return *found;
  Draft& draft = drafts_.emplace_back();
  draft.id = entity;
  return draft;
}

const Draft* Plan::find(std::string_view entity) const {
  const auto found = std::ranges::find(drafts_, entity, &Draft::id);
  return found == drafts_.end() ? nullptr : &*found;
}

void Plan::observe(std::string_view entity, twin::NameId type, twin::Attribute value) {
  twin::Report& report = reports_.emplace_back();
  report.id = entity;
  report.type = type;
  report.attributes.push_back(std::move(value));
}

twin::Edit Plan::edit_of(const Draft& draft) const {
  return [&draft, now_us = now_us_](const twin::EntityPtr& before) -> base::Result<twin::EntityPtr> {
    const bool is_gone = ngsi_ld::is_gone(before, now_us);
    const bool is_new = draft.new_type != twin::kNoName;
    if (is_new && !is_gone) return base::fail(base::ErrorCode::conflict, "there is an entity with this id already");
    if (!is_new && is_gone) return base::fail(base::ErrorCode::not_found, "the entity went meanwhile");
    if (draft.is_deletion) return twin::EntityPtr();
    auto after = is_new ? std::make_shared<twin::Entity>() : std::make_shared<twin::Entity>(*before);
    if (is_new) {
      after->id = draft.id;
      after->types = {draft.new_type};
      after->created_us = now_us;
    }
    after->modified_us = now_us;
    for (const auto& [name, dataset] : draft.removes) after->remove(name, dataset);
    for (const twin::Attribute& each : draft.puts) {
      const twin::Attribute* old = after->find(each.name, each.dataset);
      auto attribute = std::make_shared<twin::Attribute>(each);
      stamp_all(*attribute, old == nullptr ? now_us : old->created_us, now_us);
      after->put(std::move(attribute));
    }
    return twin::EntityPtr(std::move(after));
  };
}

base::Result<void> Plan::commit() {
  const twin::ReportWrites reports(std::move(reports_), now_us_);
  std::vector<twin::Write> writes;
  for (const Draft& each : drafts_) writes.push_back({each.id, edit_of(each)});
  writes.insert(writes.end(), reports.writes().begin(), reports.writes().end());
  if (writes.empty()) return {};
  auto written = api_.store.write(twin::kDefaultTenant, writes);
  if (!written) return std::unexpected(std::move(written.error()));
  api_.store.flush();  // Who wrote reads what was written.
  for (auto& each : *written)
    if (!each) return std::unexpected(std::move(each.error()));
  return {};
}

base::Result<void> Plan::find_ids(std::vector<Made>& made) const {
  struct Group {
    history::TimeRange times{INT64_MAX, INT64_MIN};
    std::map<twin::TimeUs, std::uint64_t> instances;
    history::SeriesId series = 0;
  };
  using Key = std::tuple<std::string_view, twin::NameId, twin::NameId>;
  const auto key_of = [](const Made& each) { return Key(each.entity, each.attribute, each.dataset); };
  std::map<Key, Group> groups;
  for (const Made& each : made) {
    if (!each.id.empty()) continue;
    auto& times = groups[key_of(each)].times;
    times = {std::min(times.from_us, each.time_us), std::max(times.until_us, each.time_us + 1)};
  }
  for (auto& [key, group] : groups) {
    const auto kept = api_.history.find_entity("", std::get<0>(key));
    if (!kept) continue;
    for (const history::SeriesFacts& facts : kept->series) {
      if (facts.attribute != std::get<1>(key) || facts.dataset != std::get<2>(key)) continue;
      group.series = facts.series;
      auto read = api_.history.view(facts.series)
                      .each_run(group.times, history::Part::all, history::SeriesView::Direction::forward,
                                [&](const history::Rows& rows) {
                                  for (const history::Point& point : rows.points)
                                    group.instances[point.time_us] = point.instance;
                                  return true;
                                });
      if (!read) return read;
    }
  }
  // Ids are set after all keys were used: keys are windows into what was made.
  for (Made& each : made) {
    if (!each.id.empty()) continue;
    const Group& group = groups[key_of(each)];
    const auto found = group.instances.find(each.time_us);
    if (found == group.instances.end()) return base::fail(base::ErrorCode::unavailable, "history could not keep the value");
    each.id = id_of(ValueName{group.series, found->second});
  }
  return {};
}

}  // namespace citiverse::api::sensor_things
