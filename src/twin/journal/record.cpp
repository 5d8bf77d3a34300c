// Names stand as texts, since their numbers are of one process only; CRC-32 tells a torn record from a whole one.
#include "twin/journal/record.h"

#include <cstring>

#include <libdeflate.h>

#include "base/check.h"
#include "twin/attribute_bytes.h"
#include "twin/byte_stream.h"

namespace citiverse::twin::journal {
namespace {

constexpr std::uint64_t kItemsMax = 100'000;  // Of one entity, of each kind.
constexpr std::uint8_t kNumbers = 4;          // Among the kinds of steps.

void put_times(ByteWriter& out, const Entity& entity) {
  out.plain(entity.created_us);
  out.plain(entity.modified_us);
  out.plain(entity.expires_us);
}
void take_times(ByteReader& in, Entity& entity) {
  entity.created_us = in.plain<TimeUs>();
  entity.modified_us = in.plain<TimeUs>();
  entity.expires_us = in.plain<TimeUs>();
}

void put_names(ByteWriter& out, const std::vector<NameId>& list, const Names& names) {
  out.unsigned_number(list.size());
  for (const NameId name : list) out.text(names.text(name));
}
bool take_names(ByteReader& in, std::vector<NameId>& list, Names& names) {
  const std::uint64_t count = in.unsigned_number();
  if (count > kItemsMax) in.fail();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) list.push_back(names.intern(in.text()));
  return in.ok();
}

void take_attributes(ByteReader& in, Entity& entity, Names& names) {
  const std::uint64_t count = in.unsigned_number();
  if (count > kItemsMax) in.fail();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    auto attribute = std::make_shared<Attribute>(take_attribute(in, names));
    if (in.ok()) entity.put(std::move(attribute));
  }
}

void begin(ByteWriter& out, Step::What what, std::string_view tenant, std::string_view id) {
  out.byte(static_cast<std::uint8_t>(what));
  out.text(tenant);
  out.text(id);
}

std::uint32_t checksum(std::string_view bytes) { return libdeflate_crc32(0, bytes.data(), bytes.size()); }

}  // namespace

void put_entity(std::string& bytes, std::string_view tenant, const Entity& entity, const Names& names) {
  ByteWriter out(bytes);
  begin(out, Step::What::put, tenant, entity.id);
  put_times(out, entity);
  put_names(out, entity.types, names);
  put_names(out, entity.scopes, names);
  out.unsigned_number(entity.attributes.size());
  for (const AttributePtr& attribute : entity.attributes) put_attribute(out, *attribute, names);
}

void put_step(std::string& bytes, std::string_view tenant, const Entity* before, const Entity* after,
              const std::vector<AttributeChange>& changes, const Names& names) {
  ByteWriter out(bytes);
  if (after == nullptr) return begin(out, Step::What::remove, tenant, before->id);
  if (before == nullptr || before->types != after->types || before->scopes != after->scopes)
    return put_entity(bytes, tenant, *after, names);
  begin(out, Step::What::change, tenant, after->id);
  put_times(out, *after);
  std::size_t removed = 0;
  for (const AttributeChange& change : changes) removed += change.what == AttributeChange::What::deleted;
  out.unsigned_number(changes.size() - removed);
  for (const AttributeChange& change : changes)
    if (change.what != AttributeChange::What::deleted) put_attribute(out, *after->find(change.name, change.dataset), names);
  out.unsigned_number(removed);
  for (const AttributeChange& change : changes) {
    if (change.what != AttributeChange::What::deleted) continue;
    out.text(names.text(change.name));
    out.text(names.text(change.dataset));
  }
}

void set_numbers(std::string& payload, std::uint64_t first_sequence, TimeUs at_us) {
  payload[0] = static_cast<char>(kNumbers);
  std::memcpy(payload.data() + 1, &first_sequence, sizeof first_sequence);
  std::memcpy(payload.data() + 1 + sizeof first_sequence, &at_us, sizeof at_us);
}

void close_record(std::string& out, std::size_t begin) {
  const std::string_view payload = std::string_view(out).substr(begin + kRecordHeadBytes);
  CITIVERSE_CHECK(payload.size() <= kRecordBytesMax, "a batch is bounded by its body");
  const auto size = static_cast<std::uint32_t>(payload.size());
  const std::uint32_t sum = checksum(payload);
  std::memcpy(out.data() + begin, &size, sizeof size);
  std::memcpy(out.data() + begin + sizeof size, &sum, sizeof sum);
}

std::optional<std::string_view> take_record(std::string_view& bytes) {
  ByteReader in(bytes);
  const auto size = in.plain<std::uint32_t>();
  const auto sum = in.plain<std::uint32_t>();
  const std::string_view payload = in.take(size);
  // An empty record is none: a file that was grown with zeros must not read as endless records.
  if (!in.ok() || size == 0 || checksum(payload) != sum) return std::nullopt;
  bytes.remove_prefix(kRecordHeadBytes + size);
  return payload;
}

bool read_steps(std::string_view payload, Names& names, const std::function<void(Step&&)>& on_step) {
  ByteReader in(payload);
  std::uint64_t sequence = 0;
  TimeUs at_us = kNoTime;
  while (in.ok() && !in.at_end()) {
    const std::uint8_t what = in.byte();
    if (what == kNumbers) {
      sequence = in.plain<std::uint64_t>();
      at_us = in.plain<TimeUs>();
      continue;
    }
    Step step;
    step.sequence = sequence == 0 ? 0 : sequence++;
    step.at_us = at_us;
    if (what < 1 || what > 3) return false;
    step.what = static_cast<Step::What>(what);
    step.tenant = in.text();
    step.id = in.text();
    if (step.what != Step::What::remove) {
      step.entity = std::make_shared<Entity>();
      step.entity->id = step.id;
      take_times(in, *step.entity);
      if (step.what == Step::What::put) {
        take_names(in, step.entity->types, names);
        take_names(in, step.entity->scopes, names);
      }
      take_attributes(in, *step.entity, names);
    }
    if (step.what == Step::What::change) {
      const std::uint64_t count = in.unsigned_number();
      if (count > kItemsMax) in.fail();
      for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
        const NameId name = names.intern(in.text());
        step.removed.emplace_back(name, names.intern(in.text()));
      }
    }
    if (!in.ok() || step.id.empty()) return false;
    on_step(std::move(step));
  }
  return in.ok();
}

}  // namespace citiverse::twin::journal
