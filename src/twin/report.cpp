// Attributes that say the same again are left alone, so that a message that comes twice is no second change.
#include "twin/report.h"

#include <algorithm>
#include <array>

#include "twin/subscriptions.h"

namespace citiverse::twin {
namespace {

constexpr std::array<std::string_view, 3> kStatusNames{"raw", "derived", "simulated"};

bool is_expired(const EntityPtr& entity, TimeUs now_us) {
  return entity == nullptr || (entity->expires_us != kNoTime && entity->expires_us <= now_us);
}

void stamp(Attribute& attribute, TimeUs created_us, TimeUs now_us) {
  attribute.created_us = created_us;
  attribute.modified_us = now_us;
  for (Attribute& about : attribute.about) stamp(about, created_us, now_us);
}

}  // namespace

std::string_view name_of(ValueStatus status) { return kStatusNames[static_cast<std::size_t>(status)]; }

std::optional<ValueStatus> value_status_from(std::string_view name) {
  const auto found = std::ranges::find(kStatusNames, name);
  if (found == kStatusNames.end()) return std::nullopt;
  return static_cast<ValueStatus>(found - kStatusNames.begin());
}

ReportTerms::ReportTerms(Names& names)
    : location(names.intern("https://uri.etsi.org/ngsi-ld/location")),
      anchor(names.intern("https://citiverse.org/ns#anchor")),
      name(names.intern("https://uri.etsi.org/ngsi-ld/default-context/name")),
      status(names.intern("https://citiverse.org/ns#status")),
      source(names.intern("https://citiverse.org/ns#source")),
      quality(names.intern("https://citiverse.org/ns#quality")) {}

void say_of(Attribute& attribute, const ReportTerms& terms, ValueStatus status, std::string_view source,
            std::string_view quality) {
  const auto add = [&](NameId name, std::string_view text) {
    if (text.empty()) return;
    Attribute& about = attribute.about.emplace_back();
    about.name = name;
    about.value = std::string(text);
  };
  add(terms.status, name_of(status));
  add(terms.source, source);
  add(terms.quality, quality);
  std::ranges::sort(attribute.about, {}, [](const Attribute& each) { return std::pair(each.name, each.dataset); });
}

struct ReportWrites::Item {
  Report report;
  TimeUs now_us;
  std::vector<AttributePtr> newer;  // What was there and is newer than what the report says.

  base::Result<EntityPtr> put(const EntityPtr& before) {
    newer.clear();
    const bool is_new = is_expired(before, now_us);
    auto after = is_new ? std::make_shared<Entity>() : std::make_shared<Entity>(*before);
    bool changes = is_new;
    if (is_new) {
      after->id = report.id;
      after->created_us = now_us;
    }
    if (std::ranges::find(after->types, report.type) == after->types.end()) {
      after->types.push_back(report.type);
      changes = true;
    }
    if (report.expires_us != kNoTime && (after->expires_us == kNoTime || after->expires_us < report.expires_us)) {
      after->expires_us = report.expires_us;
      changes = true;
    }
    for (const Attribute& each : report.attributes) changes = put_one(*after, each) || changes;
    if (!changes) return before;
    after->modified_us = now_us;
    return after;
  }

  bool put_one(Entity& after, const Attribute& said) {
    const auto there = after.instances(said.name);
    const auto found = std::ranges::find(there, said.dataset, [](const AttributePtr& each) { return each->dataset; });
    const AttributePtr old = found == there.end() ? nullptr : *found;
    if (old != nullptr && says_the_same(*old, said)) return false;
    if (old != nullptr && said.observed_us != kNoTime && old->observed_us != kNoTime && old->observed_us > said.observed_us)
      newer.push_back(old);
    auto attribute = std::make_shared<Attribute>(said);
    stamp(*attribute, old == nullptr ? now_us : old->created_us, now_us);
    after.put(std::move(attribute));
    return true;
  }

  base::Result<EntityPtr> put_back(const EntityPtr& before) {
    if (newer.empty() || before == nullptr) return before;
    auto after = std::make_shared<Entity>(*before);
    for (const AttributePtr& each : newer) after->put(each);
    return after;
  }
};

ReportWrites::ReportWrites(std::vector<Report> reports, TimeUs now_us) {
  items_.reserve(reports.size());
  writes_.reserve(2 * reports.size());
  for (Report& report : reports) {
    const auto is_observed = [](const Attribute& each) { return each.observed_us != kNoTime; };
    const bool may_be_late = std::ranges::any_of(report.attributes, is_observed);
    Item* item = items_.emplace_back(new Item{std::move(report), now_us, {}}).get();
    writes_.push_back({item->report.id, [item](const EntityPtr& before) { return item->put(before); }});
    if (may_be_late) writes_.push_back({item->report.id, [item](const EntityPtr& before) { return item->put_back(before); }});
  }
}

ReportWrites::~ReportWrites() = default;
std::size_t ReportWrites::size() const { return items_.size(); }

}  // namespace citiverse::twin
