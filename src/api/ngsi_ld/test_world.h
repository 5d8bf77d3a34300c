// What tests of the NGSI-LD doors share: a clock that stands, a context, and reading and writing in one line.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "api/ngsi_ld/entity_json.h"
#include "api/ngsi_ld/entity_reader.h"
#include "formats/json_ld_processor.h"
#include "twin/entity.h"

namespace citiverse::api::ngsi_ld {

inline constexpr twin::TimeUs kTestNow = 1'600'000'000'000'000;  // 2020-09-13T12:26:40Z

class TestWorld {
 public:
  twin::Names names;

  std::shared_ptr<const Context> context(std::string_view value = "{}") {
    const formats::JsonLdLoader none = [](std::string_view) { return base::fail(base::ErrorCode::unavailable, "no network"); };
    auto terms = formats::process_json_ld_document("{\"@context\":" + std::string(value) + "}", "", none);
    EXPECT_TRUE(terms) << terms.error().message;
    return std::make_shared<const Context>(terms.value(), "", std::string(value), names);
  }
  base::Result<EntityInput> read(std::string_view json, const ReadRules& rules = {}, std::string_view context_value = "{}") {
    const auto document = base::JsonDocument::parse(json, kEntityJsonDepthMax);
    if (!document) return std::unexpected(document.error());
    return read_entity(document->root(), *context(context_value), names, rules);
  }
  twin::Entity entity(std::string_view json, std::string_view context_value = "{}") {
    auto input = read(json, {}, context_value);
    EXPECT_TRUE(input) << input.error().message;
    twin::Entity entity;
    if (!input) return entity;
    entity.id = input->id;
    entity.types = input->types;
    entity.scopes = input->scopes.value_or(std::vector<twin::NameId>{});
    entity.expires_us = input->expires_us;
    entity.created_us = entity.modified_us = kTestNow;
    for (AttributeInput& each : input->attributes)
      entity.put(std::make_shared<const twin::Attribute>(make_attribute(std::move(each), kTestNow)));
    return entity;
  }
  std::string write(const twin::Entity& entity, const EntityForm& form = {}, std::string_view context_value = "{}") {
    std::string out;
    write_entity(out, entity, names, *context(context_value), form, kTestNow);
    return out;
  }
  // Without the id and type that every entity of these tests has.
  std::string again(std::string_view attributes, const EntityForm& form = {}) {
    std::string out = write(entity(R"({"id":"urn:a:b","type":"T",)" + std::string(attributes) + "}"), form);
    constexpr std::string_view kHead = R"({"id":"urn:a:b","type":"T",)";
    return out.starts_with(kHead) ? out.substr(kHead.size(), out.size() - kHead.size() - 1) : out;
  }
  std::string error(std::string_view attributes, const ReadRules& rules = {}) {
    const auto input = read(R"({"id":"urn:a:b","type":"T",)" + std::string(attributes) + "}", rules);
    return input ? "it was taken" : input.error().message;
  }
};

}  // namespace citiverse::api::ngsi_ld
