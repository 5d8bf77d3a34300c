// The small world that the tests of queries ask about: entities of the standard's own examples.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "twin/entity.h"
#include "twin/names.h"
#include "twin/query/terms.h"

namespace citiverse::twin {

/// Terms as a context that knows only a default vocabulary would expand them; adds names, so that tests may ask first.
class TestTerms : public Terms {
 public:
  explicit TestTerms(Names& names) : names_(names) {}
  std::string expand(std::string_view term) const override {
    return term.find(':') == std::string_view::npos ? "https://example.org/" + std::string(term) : std::string(term);
  }
  NameId name(std::string_view term) const override { return names_.intern(expand(term)); }

 private:
  Names& names_;
};

struct TestWorld {
  Names names;
  TestTerms terms{names};

  Attribute attribute(std::string_view term, Value value, AttributeKind kind = AttributeKind::property) const {
    Attribute made;
    made.name = terms.name(term);
    made.kind = kind;
    made.value = std::move(value);
    return made;
  }

  EntityPtr entity(std::string id, std::string_view type, std::vector<Attribute> attributes) const {
    auto made = std::make_shared<Entity>();
    made->id = std::move(id);
    made->types = {terms.name(type)};
    for (Attribute& each : attributes) made->put(std::make_shared<const Attribute>(std::move(each)));
    return made;
  }
};

}  // namespace citiverse::twin
