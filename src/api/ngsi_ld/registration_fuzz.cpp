// Any bytes as the registration of a context source: what is kept reads again as the same, and can be written and matched.
#include <cstddef>
#include <cstdint>

#include "api/ngsi_ld/entity_reader.h"
#include "api/ngsi_ld/registration_json.h"
#include "base/check.h"
#include "formats/json_ld_processor.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse;
  using namespace citiverse::api::ngsi_ld;
  const auto body =
      base::JsonDocument::parse({reinterpret_cast<const char*>(data), size}, kEntityJsonDepthMax);  // NOLINT: characters.
  if (!body || !body->root().is_object()) return 0;
  twin::Names names;
  const Context context(formats::ngsi_ld_core_context(), "", "[]", names);
  auto members = canonical_registration(body->root(), context);
  if (!members) return 0;
  std::erase_if(*members, [](const auto& each) { return each.second == "null"; });
  KeptRegistration kept;
  kept.document = {*std::move(members), {}, "{}"};
  const std::string text = kept.document.text();
  const auto again = RegistrationDocument::parse(text);
  CITIVERSE_CHECK(again && again->text() == text, "what is kept reads as the same");
  auto registration = read_registration(kept.document, names);
  CITIVERSE_CHECK(read_registration(*again, names).has_value() == registration.has_value(),
                  "what was taken once is taken after a restart");
  if (!registration) return 0;
  kept.registration = *std::move(registration);
  const Registration& read = kept.registration;
  RegistrationQuestion anything;
  if (read.observation) anything.temporal = TemporalQuestion{};
  if (read.management && !read.observation) anything.temporal = TemporalQuestion{.is_of_management = true};
  const auto fitting = fitting_information(read, anything, names);
  CITIVERSE_CHECK(fitting.size() == read.information.size(), "who asks nothing is given everything");
  CITIVERSE_CHECK(claim_the_same(read, read) == (read.mode == RegistrationMode::exclusive),
                  "an exclusive source claims its own");
  std::string out;
  write_registration(out, kept, std::span<const std::size_t>(fitting), {.context = context});
  CITIVERSE_CHECK(base::JsonDocument::parse(out, kEntityJsonDepthMax + 8).has_value(), "what is written reads");
  return 0;
}
