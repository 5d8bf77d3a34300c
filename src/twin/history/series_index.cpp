// Numbers are places in arrays and are given in order, so a record that was applied before changes nothing.
#include "twin/history/series_index.h"

#include <algorithm>

#include "base/check.h"
#include "twin/history/record_kinds.h"

namespace citiverse::twin::history {
namespace {

void put_names(ByteWriter& out, const std::vector<NameId>& list, const Names& names) {
  out.unsigned_number(list.size());
  for (const NameId each : list) out.text(names.text(each));
}

std::vector<NameId> take_names(ByteReader& in, Names& names) {
  std::vector<NameId> list;
  for (auto count = in.unsigned_number(); count > 0 && in.ok(); --count) list.push_back(names.intern(in.text()));
  return list;
}

}  // namespace

std::optional<EntityNumber> SeriesIndex::find_entity(std::string_view tenant, std::string_view id) const {
  const auto place = std::ranges::find(tenants_, tenant);
  if (place == tenants_.end()) return std::nullopt;
  const auto found = numbers_.find(Key{static_cast<std::uint32_t>(place - tenants_.begin()), id});
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<SeriesId> SeriesIndex::find_series(EntityNumber entity, NameId attribute, NameId dataset) const {
  for (const SeriesId each : entities_[entity].series)
    if (series_[each].attribute == attribute && series_[each].dataset == dataset) return each;
  return std::nullopt;
}

std::uint32_t SeriesIndex::tenant_number(std::string_view tenant) {
  const auto number = static_cast<std::uint32_t>(std::ranges::find(tenants_, tenant) - tenants_.begin());
  if (number == tenants_.size()) tenants_.emplace_back(tenant);
  return number;
}

EntityNumber SeriesIndex::put_entity(std::string_view tenant, const EntityRecord& entity, std::string& records) {
  EntityRecord next = entity;
  next.tenant = tenant_number(tenant);
  const auto known = numbers_.find(Key{next.tenant, entity.id});
  const auto number = known == numbers_.end() ? static_cast<EntityNumber>(entities_.size()) : known->second;
  if (known != numbers_.end()) {
    const EntityRecord& is = entities_[number];
    if (is.types == next.types && is.scopes == next.scopes && is.created_us == next.created_us &&
        is.deleted_us == next.deleted_us && is.is_erased == next.is_erased)
      return number;
  }
  set_entity(number, std::move(next));
  write_entity(number, records);
  return number;
}

void SeriesIndex::set_entity(EntityNumber number, EntityRecord entity) {
  if (number == entities_.size()) {
    entity.series.clear();
    entities_.push_back(std::move(entity));
    const EntityRecord& placed = entities_.back();
    numbers_.emplace(Key{placed.tenant, placed.id}, number);
    return;
  }
  EntityRecord& is = entities_[number];
  is.types = std::move(entity.types);
  is.scopes = std::move(entity.scopes);
  is.created_us = entity.created_us;
  is.deleted_us = entity.deleted_us;
  is.is_erased = entity.is_erased;
}

base::Result<SeriesId> SeriesIndex::put_series(EntityNumber entity, NameId attribute, NameId dataset, std::string& records) {
  if (const auto known = find_series(entity, attribute, dataset)) return *known;
  if (series_.size() == kSeriesMax) return base::fail(base::ErrorCode::limit, "history: this node keeps 40 million series");
  const auto number = static_cast<SeriesId>(series_.size());
  series_.push_back({.entity = entity, .attribute = attribute, .dataset = dataset});
  entities_[entity].series.push_back(number);
  write_series(number, records);
  return number;
}

void SeriesIndex::erase_series(SeriesId series, std::string& records) {
  SeriesRecord& record = series_[series];
  record.erased_to = record.next_instance - 1;
  record.last_unobserved_us = record.last_recorded_us = kNoTime;
  write_erased(series, records);
}

void SeriesIndex::write_entity(EntityNumber number, std::string& records) const {
  const EntityRecord& entity = entities_[number];
  ByteWriter out(records);
  out.byte(entity_record);
  out.unsigned_number(number);
  out.text(tenants_[entity.tenant]);
  out.text(entity.id);
  put_names(out, entity.types, names_);
  put_names(out, entity.scopes, names_);
  out.signed_number(entity.created_us);
  out.signed_number(entity.deleted_us);
  out.byte(entity.is_erased ? 1 : 0);
}

void SeriesIndex::write_series(SeriesId number, std::string& records) const {
  ByteWriter out(records);
  out.byte(series_record);
  out.unsigned_number(number);
  out.unsigned_number(series_[number].entity);
  out.text(names_.text(series_[number].attribute));
  out.text(names_.text(series_[number].dataset));
}

void SeriesIndex::write_erased(SeriesId number, std::string& records) const {
  ByteWriter out(records);
  out.byte(erased_record);
  out.unsigned_number(number);
  out.unsigned_number(series_[number].erased_to);
}

void SeriesIndex::apply(ByteReader& in) {
  const std::uint8_t kind = in.byte();
  const std::uint64_t number = in.unsigned_number();
  if (kind == entity_record) {
    EntityRecord entity;
    const std::string_view tenant = in.text();
    entity.id = in.text();
    entity.types = take_names(in, names_);
    entity.scopes = take_names(in, names_);
    entity.created_us = in.signed_number();
    entity.deleted_us = in.signed_number();
    entity.is_erased = in.byte() != 0;
    if (number > entities_.size()) in.fail();
    if (!in.ok()) return;
    entity.tenant = tenant_number(tenant);
    set_entity(static_cast<EntityNumber>(number), std::move(entity));
  } else if (kind == series_record) {
    const std::uint64_t entity = in.unsigned_number();
    const NameId attribute = names_.intern(in.text());
    const NameId dataset = names_.intern(in.text());
    if (number > series_.size() || entity >= entities_.size()) in.fail();
    if (!in.ok() || number < series_.size()) return;
    series_.push_back({.entity = static_cast<EntityNumber>(entity), .attribute = attribute, .dataset = dataset});
    entities_[entity].series.push_back(static_cast<SeriesId>(number));
  } else if (kind == erased_record) {
    const std::uint64_t to = in.unsigned_number();
    if (number >= series_.size()) in.fail();
    if (!in.ok()) return;
    series_[number].erased_to = std::max(series_[number].erased_to, to);
    series_[number].next_instance = std::max(series_[number].next_instance, to + 1);
  } else {
    in.fail();
  }
}

void SeriesIndex::all(const std::function<void(std::string_view)>& on_records) const {
  constexpr std::size_t kPartBytes = 1 << 20;
  std::string records;
  const auto hand_on = [&](std::size_t from_bytes) {
    if (records.size() < from_bytes) return;
    on_records(records);
    records.clear();
  };
  for (EntityNumber i = 0; i < entities_.size(); ++i, hand_on(kPartBytes)) write_entity(i, records);
  for (SeriesId i = 0; i < series_.size(); ++i, hand_on(kPartBytes)) {
    write_series(i, records);
    if (series_[i].erased_to > 0) write_erased(i, records);
  }
  hand_on(1);
}

}  // namespace citiverse::twin::history
