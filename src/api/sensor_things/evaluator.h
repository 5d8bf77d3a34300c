// Whether an entity fits a $filter, and by what it is ordered: trees held against items and what they lead to.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "api/sensor_things/geo_functions.h"
#include "api/sensor_things/reader.h"

namespace citiverse::api::sensor_things {

/// For one request. Null is neither true nor false, as OData has it (4.0 part 2, 5.1.1.1). Threads: one.
class Evaluator {
 public:
  explicit Evaluator(Reader& reader) : reader_(reader) {}

  /// A path over a collection holds for each of its entities in turn, the same one in the whole expression: there is one for
  /// which all is true (9.3.3.5, example 4). Fails: limit, corrupt.
  base::Result<bool> matches(const Expression& filter, Item& item);
  /// Of a collection the first entity counts.
  base::Result<Datum> value(const Expression& expression, Item& item);

 private:
  /// Navigations on the way of a path, each after those that lead to it.
  using Prefix = std::vector<std::string>;
  const std::vector<Prefix>& prefixes_of(const Expression& expression);
  base::Result<bool> bind(const std::vector<Prefix>& prefixes, std::size_t next, const std::function<bool()>& on_bound);
  Datum evaluate(const Expression& expression);
  Datum path_value(const std::vector<std::string>& path);
  Datum logical(const Expression& expression);
  Item* bound(std::span<const std::string> prefix);

  Reader& reader_;
  GeoFunctions geo_;
  std::map<const Expression*, std::vector<Prefix>> prefixes_;
  Item* root_ = nullptr;
  std::vector<std::pair<const Prefix*, Item*>> bound_;
  base::Result<void> failure_;
};

/// A comparison by name: eq, ne, gt, ge, lt, le. Null where the two cannot be compared; times by 9.3.3.5.1.
Datum compared(Operation operation, const Datum& a, const Datum& b);
/// Any function or arithmetic operation whose arguments are known; null where one has a type that it does not take.
Datum applied(Operation operation, const std::vector<Datum>& arguments, twin::TimeUs now_us);

/// For sorting: null first, then by type, then by value (9.3.3.1).
bool comes_before(const Datum& a, const Datum& b);

}  // namespace citiverse::api::sensor_things
