// Any bytes as a subscription: what is kept reads again as the same, and no field or message can be broken by it.
#include <cstddef>
#include <cstdint>

#include "api/ngsi_ld/entity_reader.h"
#include "api/ngsi_ld/notification_json.h"
#include "api/ngsi_ld/subscription.h"
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
  auto members = canonical_members(body->root(), context);
  if (!members) return 0;
  auto terms = terms_of_q(*members, context, names);
  if (!terms) return 0;
  std::erase_if(*members, [](const auto& each) { return each.second == "null"; });
  const SubscriptionDocument document{*std::move(members), *std::move(terms), "{}"};
  const std::string text = document.text();
  const auto again = SubscriptionDocument::parse(text);
  CITIVERSE_CHECK(again && again->text() == text, "what is kept reads as the same");
  for (const bool is_of_registrations : {false, true}) {
    const auto subscription = read_subscription(document, names, is_of_registrations);
    CITIVERSE_CHECK(read_subscription(*again, names, is_of_registrations).has_value() == subscription.has_value(),
                    "what was taken once is taken after a restart");
    if (!subscription) continue;
    std::string_view fields = subscription->form.fields;
    while (!fields.empty()) {
      const std::size_t end = fields.find("\r\n");
      CITIVERSE_CHECK(end != std::string_view::npos && fields.substr(0, end).find_first_of("\r\n") == std::string_view::npos &&
                          fields.substr(0, end).contains(": "),
                      "each field is one line");
      fields.remove_prefix(end + 2);
    }
    const std::string message = mqtt_message("application/json", subscription->form.fields, "{}");
    CITIVERSE_CHECK(base::JsonDocument::parse(message).has_value(), "what goes by MQTT is JSON");
  }
  return 0;
}
