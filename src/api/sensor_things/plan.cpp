// New entities get ids that nothing bears, so that within a plan only the disk can say no.
#include "api/sensor_things/plan.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "api/fresh_id.h"
#include "api/ngsi_ld/entity_edits.h"
#include "api/sensor_things/ids.h"

namespace citiverse::api::sensor_things {
namespace {

namespace history = twin::history;

// What follows the namespace of an IRI.
std::string_view plain_name(std::string_view iri) { return iri.substr(iri.find('#') + 1); }

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
  draft.id = fresh_id(plain_name(api_.store.names().text(draft.new_type)));
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
  if (!written) return base::fail(base::ErrorCode::unavailable, written.error().message);  // Ask again later.
  api_.store.flush();                                                                      // Who wrote reads what was written.
  for (auto& each : *written)
    if (!each) return std::unexpected(std::move(each.error()));
  return {};
}

void Plan::find_ids(std::vector<Made>& made) const {
  using Key = std::tuple<std::string, twin::NameId, twin::NameId>;
  std::map<Key, history::SeriesId> known;
  for (Made& each : made) {
    if (!each.id.empty()) continue;
    const auto [place, is_new] = known.try_emplace(Key(each.entity, each.attribute, each.dataset));
    if (is_new)
      if (const auto kept = api_.history.find_entity("", each.entity))
        for (const history::SeriesFacts& facts : kept->series)
          if (facts.attribute == each.attribute && facts.dataset == each.dataset) place->second = facts.series;
    each.id = id_of(ValueName{place->second, each.time_us});
  }
}

}  // namespace citiverse::api::sensor_things
