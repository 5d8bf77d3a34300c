// Any bytes as an entity: what is taken is written as JSON that reads again, in each form.
#include <cstddef>
#include <cstdint>

#include "api/ngsi_ld/entity_json.h"
#include "api/ngsi_ld/entity_reader.h"
#include "base/check.h"
#include "formats/json_ld_processor.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse;
  using namespace citiverse::api::ngsi_ld;
  const auto document = base::JsonDocument::parse({reinterpret_cast<const char*>(data), size}, kEntityJsonDepthMax);
  if (!document) return 0;
  twin::Names names;
  const Context context(formats::ngsi_ld_core_context(), "", "[]", names);
  for (const bool is_merge : {false, true}) {
    const ReadRules rules{
        .needs_id = !is_merge, .takes_null = is_merge, .takes_null_inside = is_merge, .may_be_partial = is_merge};
    auto input = read_entity(document->root(), context, names, rules);
    if (!input) continue;
    twin::Entity entity;
    entity.id = input->id;
    entity.types = input->types;
    for (AttributeInput& each : input->attributes)
      if (!each.is_null()) entity.put(std::make_shared<const twin::Attribute>(make_attribute(std::move(each), 0)));
    for (const Form form : {Form::normalized, Form::concise, Form::simplified}) {
      std::string out;
      write_entity(out, entity, names, context, {.form = form, .language = is_merge ? "en" : ""}, 0);
      CITIVERSE_CHECK(base::JsonDocument::parse(out, kEntityJsonDepthMax + 8), "what is written reads");
    }
  }
  return 0;
}
