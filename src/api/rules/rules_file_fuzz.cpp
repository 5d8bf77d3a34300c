// Any bytes as a rules file: what is taken has no rings, keeps its limits, and may be put to work on a store.
#include <cstddef>
#include <cstdint>

#include "api/rules/rules_file.h"
#include "base/check.h"
#include "twin/report.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace citiverse;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);  // NOLINT: bytes are characters here.
  twin::Names names;
  const auto rules = api::rules::read_rules(text, "fuzz", names, {});
  if (!rules) {
    CITIVERSE_CHECK(rules.error().message.starts_with("fuzz:"), "a message says where");
    return 0;
  }
  CITIVERSE_CHECK(rules->size() <= twin::rules::kRulesMax, "no more rules than may be");
  const twin::NameId location = twin::ReportTerms(names).location;
  CITIVERSE_CHECK(!problem_among(*rules, location), "rules that are taken stand together");
  for (const auto& rule : *rules) {
    const auto* count = std::get_if<twin::rules::Count>(&rule.how);
    if (count == nullptr) continue;
    for (const auto& area : count->areas) (void)area.holds(area.middle);
  }
  return 0;
}
