// An outside judge: what jsonld.js made of the same contexts (testing/json_ld/make_expected.mjs).
#include <string>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/json_reader.h"
#include "formats/json_ld_processor.h"

namespace citiverse::formats {
namespace {

// Gives a value back as text: contexts hold texts, objects, arrays and null only.
std::string text_of(base::JsonValue value) {
  if (const auto text = value.text()) return "\"" + std::string(*text) + "\"";
  if (value.is_null()) return "null";
  if (const auto flag = value.boolean()) return *flag ? "true" : "false";
  std::string out = value.is_array() ? "[" : "{";
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (i > 0) out += ',';
    if (value.is_array())
      out += text_of(value[i]);
    else
      out += "\"" + std::string(value.member(i).first) + "\":" + text_of(value.member(i).second);
  }
  return out + (value.is_array() ? "]" : "}");
}

TEST(JsonLd, names_mean_what_an_independent_processor_says) {
  const auto text = base::read_file("testing/json_ld/names.json", 1 << 20);
  ASSERT_TRUE(text) << text.error().message;
  const auto file = base::JsonDocument::parse(*text);
  ASSERT_TRUE(file);
  const base::JsonValue documents = file->root().find("documents");
  const JsonLdLoader load = [&](std::string_view url) -> base::Result<std::shared_ptr<const std::string>> {
    if (documents.find(url).is_absent()) return base::fail(base::ErrorCode::unavailable, "no such document");
    return std::make_shared<const std::string>(text_of(documents.find(url)));
  };
  const base::JsonValue cases = file->root().find("cases");
  ASSERT_GT(cases.size(), 10u);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const std::string shown = text_of(cases[i].find("context"));
    const auto context = process_json_ld_context(cases[i].find("context"), "", load);
    ASSERT_TRUE(context) << shown << ": " << context.error().message;
    const base::JsonValue expanded = cases[i].find("expanded");
    for (std::size_t k = 0; k < expanded.size(); ++k)
      EXPECT_EQ((*context)->expand(expanded.member(k).first), expanded.member(k).second.text())
          << shown << " " << expanded.member(k).first;
    const base::JsonValue compacted = cases[i].find("compacted");
    for (std::size_t k = 0; k < compacted.size(); ++k)
      EXPECT_EQ((*context)->compact(compacted.member(k).first), compacted.member(k).second.text())
          << shown << " " << compacted.member(k).first;
  }
}

}  // namespace
}  // namespace citiverse::formats
