// One byte says which times and names follow, so that the usual attribute is little more than its value.
#include "twin/attribute_bytes.h"

#include <type_traits>

namespace citiverse::twin {
namespace {

constexpr std::size_t kAboutMax = 1000;

enum Present : std::uint8_t {
  has_dataset = 1,
  has_unit = 2,
  has_object_type = 4,
  has_observed = 8,
  has_created = 16,
  has_modified = 32,
  has_expires = 64,
  has_about = 128,
};

}  // namespace

void put_value(ByteWriter& out, const Value& value) {
  out.byte(static_cast<std::uint8_t>(value.index()));
  std::visit(
      [&]<class T>(const T& held) {
        if constexpr (std::is_same_v<T, bool>)
          out.byte(held ? 1 : 0);
        else if constexpr (std::is_same_v<T, std::int64_t>)
          out.signed_number(held);
        else if constexpr (std::is_same_v<T, double>)
          out.plain(held);
        else if constexpr (std::is_same_v<T, std::string>)
          out.text(held);
        else if constexpr (std::is_same_v<T, Json>)
          out.text(held.text);
      },
      value);
}

Value take_value(ByteReader& in) {
  switch (in.byte()) {
    case 0: return {};
    case 1: return in.byte() != 0;
    case 2: return in.signed_number();
    case 3: return in.plain<double>();
    case 4: return std::string(in.text());
    case 5: return Json{std::string(in.text())};
    default: in.fail(); return {};
  }
}

void put_attribute(ByteWriter& out, const Attribute& attribute, const Names& names) {
  out.text(names.text(attribute.name));
  out.byte(static_cast<std::uint8_t>(attribute.kind));
  std::uint8_t present = 0;
  const auto note = [&](bool there, Present bit) { present |= there ? bit : 0; };
  note(attribute.dataset != kNoName, has_dataset);
  note(attribute.unit != kNoName, has_unit);
  note(attribute.object_type != kNoName, has_object_type);
  note(attribute.observed_us != kNoTime, has_observed);
  note(attribute.created_us != kNoTime, has_created);
  note(attribute.modified_us != kNoTime, has_modified);
  note(attribute.expires_us != kNoTime, has_expires);
  note(!attribute.about.empty(), has_about);
  out.byte(present);
  if (present & has_dataset) out.text(names.text(attribute.dataset));
  if (present & has_unit) out.text(names.text(attribute.unit));
  if (present & has_object_type) out.text(names.text(attribute.object_type));
  if (present & has_observed) out.signed_number(attribute.observed_us);
  if (present & has_created) out.signed_number(attribute.created_us);
  if (present & has_modified) out.signed_number(attribute.modified_us);
  if (present & has_expires) out.signed_number(attribute.expires_us);
  put_value(out, attribute.value);
  if (!(present & has_about)) return;
  out.unsigned_number(attribute.about.size());
  for (const Attribute& each : attribute.about) put_attribute(out, each, names);
}

Attribute take_attribute(ByteReader& in, Names& names, int depth_max) {
  Attribute attribute;
  if (depth_max == 0) {
    in.fail();
    return attribute;
  }
  attribute.name = names.intern(in.text());
  const std::uint8_t kind = in.byte();
  if (kind > static_cast<std::uint8_t>(AttributeKind::list_relationship)) in.fail();
  attribute.kind = static_cast<AttributeKind>(kind);
  const std::uint8_t present = in.byte();
  if (present & has_dataset) attribute.dataset = names.intern(in.text());
  if (present & has_unit) attribute.unit = names.intern(in.text());
  if (present & has_object_type) attribute.object_type = names.intern(in.text());
  if (present & has_observed) attribute.observed_us = in.signed_number();
  if (present & has_created) attribute.created_us = in.signed_number();
  if (present & has_modified) attribute.modified_us = in.signed_number();
  if (present & has_expires) attribute.expires_us = in.signed_number();
  attribute.value = take_value(in);
  if (!(present & has_about) || !in.ok()) return attribute;
  const std::uint64_t count = in.unsigned_number();
  if (count > kAboutMax) in.fail();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) attribute.about.push_back(take_attribute(in, names, depth_max - 1));
  return attribute;
}

}  // namespace citiverse::twin
