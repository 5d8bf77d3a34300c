// Any bytes as a context: what comes out of it expands and compacts without harm, and loaders are asked a bounded number of
// times.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "formats/json_ld_processor.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace citiverse;
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::size_t loads = 0;
  const formats::JsonLdLoader again = [&](std::string_view) {
    ++loads;
    return base::Result<std::shared_ptr<const std::string>>(std::make_shared<const std::string>(text));
  };
  const auto context = formats::process_json_ld_document(text, "https://example.org/a/context.jsonld", again);
  CITIVERSE_CHECK(loads <= formats::kJsonLdDocumentsMax, "no more documents than the limit");
  if (!context) return 0;
  for (const std::string_view name : {"a", "a:b", "id", "type", "@id", "", ":", "b/c", "https://example.org/a"}) {
    const std::string iri = (*context)->expand(name);
    if (formats::is_absolute_iri(iri) && (*context)->expand((*context)->compact(iri)) != iri) {
      const formats::JsonLdTerm* term = (*context)->find((*context)->compact(iri));
      CITIVERSE_CHECK(term == nullptr || term->iri == iri, "a name that was chosen for an IRI means it");
    }
  }
  return 0;
}
