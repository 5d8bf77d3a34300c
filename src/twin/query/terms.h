// How short names in a query become the names that entities carry, since contexts are not this room's business.
#pragma once

#include <string>
#include <string_view>

#include "twin/names.h"

namespace citiverse::twin {

/// Given by the caller. Threads: as the caller's.
class Terms {
 public:
  virtual ~Terms() = default;
  /// The IRI of a term by the caller's context (ETSI GS CIM 009, 5.5.7); an IRI stays as it is.
  virtual std::string expand(std::string_view term) const = 0;
  /// The number of the term's IRI; kNoName when nothing in the twin bears it, which then matches nothing.
  virtual NameId name(std::string_view term) const = 0;
};

/// Terms that are IRIs already.
class PlainTerms : public Terms {
 public:
  explicit PlainTerms(const Names& names) : names_(names) {}
  std::string expand(std::string_view term) const override { return std::string(term); }
  NameId name(std::string_view term) const override { return names_.find(term); }

 private:
  const Names& names_;
};

}  // namespace citiverse::twin
