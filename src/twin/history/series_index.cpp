// Numbers are places in arrays and are given in order, so a record that was applied before changes nothing.
#include "twin/history/series_index.h"

#include <algorithm>

#include "base/check.h"
#include "twin/history/record_kinds.h"

namespace citiverse::twin::history {
namespace {

void put_names(ByteWriter& out, std::span<const NameId> list, const Names& names) {
  out.unsigned_number(list.size());
  for (const NameId each : list) out.text(names.text(each));
}

std::vector<NameId> take_names(ByteReader& in, Names& names) {
  std::vector<NameId> list;
  for (auto count = in.unsigned_number(); count > 0 && in.ok(); --count) list.push_back(names.intern(in.text()));
  return list;
}

constexpr std::size_t kTenantBytes = 2;  // Before the id in a key.

std::string key_of(std::uint32_t tenant, std::string_view id) {
  std::string key;
  key.reserve(kTenantBytes + id.size());
  key.push_back(static_cast<char>(tenant >> 8));
  key.push_back(static_cast<char>(tenant & 0xFF));
  return key.append(id);
}

}  // namespace

std::optional<EntityNumber> SeriesIndex::find_entity(std::string_view tenant, std::string_view id) const {
  const auto place = std::ranges::find(tenants_, tenant);
  if (place == tenants_.end()) return std::nullopt;
  return keys_.find(key_of(static_cast<std::uint32_t>(place - tenants_.begin()), id));
}

std::optional<SeriesId> SeriesIndex::find_series(EntityNumber entity, NameId attribute, NameId dataset) const {
  for (SeriesId each = entities_[entity].first_series; each != kNoSeries; each = series_[each].next)
    if (series_[each].attribute == attribute && series_[each].dataset == dataset) return each;
  return std::nullopt;
}

EntityRecord SeriesIndex::entity(EntityNumber number) const {
  const Kept& kept = entities_[number];
  const Shape& shape = *shapes_[kept.shape];
  return {.id = keys_.text(number).substr(kTenantBytes),
          .types = shape.first,
          .scopes = shape.second,
          .created_us = kept.created_us,
          .deleted_us = kept.deleted_us,
          .is_erased = kept.is_erased};
}

std::string_view SeriesIndex::tenant(EntityNumber number) const {
  const std::string_view key = keys_.text(number);
  return tenants_[(static_cast<std::size_t>(static_cast<unsigned char>(key[0])) << 8) | static_cast<unsigned char>(key[1])];
}

std::uint32_t SeriesIndex::tenant_number(std::string_view tenant) {
  const auto number = static_cast<std::uint32_t>(std::ranges::find(tenants_, tenant) - tenants_.begin());
  CITIVERSE_CHECK(number < 0x10000, "a node has fewer tenants than two bytes count");
  if (number == tenants_.size()) tenants_.emplace_back(tenant);
  return number;
}

bool SeriesIndex::has_shape(const Kept& kept, const EntityRecord& entity) const {
  const Shape& shape = *shapes_[kept.shape];
  return std::ranges::equal(shape.first, entity.types) && std::ranges::equal(shape.second, entity.scopes);
}

std::uint32_t SeriesIndex::shape_number(const EntityRecord& entity) {
  const auto [at, is_new] = shape_numbers_.try_emplace(
      Shape({entity.types.begin(), entity.types.end()}, {entity.scopes.begin(), entity.scopes.end()}),
      static_cast<std::uint32_t>(shapes_.size()));
  if (is_new) shapes_.push_back(&at->first);
  return at->second;
}

EntityNumber SeriesIndex::put_entity(std::string_view tenant, const EntityRecord& entity, std::string& records) {
  const EntityNumber number = keys_.number_of(key_of(tenant_number(tenant), entity.id));
  if (number < entities_.size()) {
    const Kept& is = entities_[number];
    if (has_shape(is, entity) && is.created_us == entity.created_us && is.deleted_us == entity.deleted_us &&
        is.is_erased == entity.is_erased)
      return number;
  }
  set_entity(number, entity);
  write_entity(number, records);
  return number;
}

// Its key is in the pool.
void SeriesIndex::set_entity(EntityNumber number, const EntityRecord& entity) {
  if (number == entities_.size()) entities_.emplace_back().shape = shape_number(entity);
  Kept& is = entities_[number];
  if (!has_shape(is, entity)) is.shape = shape_number(entity);
  is.created_us = entity.created_us;
  is.deleted_us = entity.deleted_us;
  is.is_erased = entity.is_erased;
}

void SeriesIndex::add_series(const SeriesRecord& series) {
  const auto number = static_cast<SeriesId>(series_.size());
  series_.push_back(series);
  Kept& entity = entities_[series.entity];
  (entity.last_series == kNoSeries ? entity.first_series : series_[entity.last_series].next) = number;
  entity.last_series = number;
}

base::Result<SeriesId> SeriesIndex::put_series(EntityNumber entity, NameId attribute, NameId dataset, std::string& records) {
  if (const auto known = find_series(entity, attribute, dataset)) return *known;
  if (series_.size() == kSeriesMax) return base::fail(base::ErrorCode::limit, "history: this node keeps 40 million series");
  const auto number = static_cast<SeriesId>(series_.size());
  add_series({.entity = entity, .attribute = attribute, .dataset = dataset});
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
  const EntityRecord record = entity(number);
  ByteWriter out(records);
  out.byte(entity_record);
  out.unsigned_number(number);
  out.text(tenant(number));
  out.text(record.id);
  put_names(out, record.types, names_);
  put_names(out, record.scopes, names_);
  out.signed_number(record.created_us);
  out.signed_number(record.deleted_us);
  out.byte(record.is_erased ? 1 : 0);
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
    EntityRecord record;
    const std::string_view of_tenant = in.text();
    record.id = in.text();
    const std::vector<NameId> types = take_names(in, names_);
    const std::vector<NameId> scopes = take_names(in, names_);
    record.types = types;
    record.scopes = scopes;
    record.created_us = in.signed_number();
    record.deleted_us = in.signed_number();
    record.is_erased = in.byte() != 0;
    if (number > entities_.size()) in.fail();
    if (!in.ok()) return;
    // A number and an id belong together for good.
    const std::string key = key_of(tenant_number(of_tenant), record.id);
    const auto known = keys_.find(key);
    if (known ? *known != number : number != entities_.size()) return in.fail();
    set_entity(keys_.number_of(key), record);
  } else if (kind == series_record) {
    const std::uint64_t of_entity = in.unsigned_number();
    const NameId attribute = names_.intern(in.text());
    const NameId dataset = names_.intern(in.text());
    if (number > series_.size() || of_entity >= entities_.size()) in.fail();
    if (!in.ok() || number < series_.size()) return;
    add_series({.entity = static_cast<EntityNumber>(of_entity), .attribute = attribute, .dataset = dataset});
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
