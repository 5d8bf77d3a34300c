// Items as answers show them: control information, properties, links, and what was expanded.
#pragma once

#include <string>
#include <string_view>

#include "api/sensor_things/search.h"

namespace citiverse::api::sensor_things {

inline constexpr std::size_t kAnswerItemsMax = 20'000;    ///< Entities of one answer, expanded ones among them.
inline constexpr std::size_t kAnswerBytesMax = 32 << 20;  ///< Of one answer.

/// Addresses, as answers link to them below a service root.
std::string self_link(std::string_view root, Kind kind, std::string_view id);
/// What the next page is asked by: the options of `query`, percent-encoded, with another $skip.
std::string next_options(const Query& query, std::size_t skip);

/// For one request.
class AnswerWriter {
 public:
  AnswerWriter(std::string_view root, const twin::Names& names, Reader& reader, Evaluator& evaluator)
      : root_(root), names_(names), reader_(reader), evaluator_(evaluator) {}

  /// Appends one entity. Fails: limit, corrupt.
  base::Result<void> entity(std::string& out, Item& item, const Query& query);
  /// Appends a page; `next_link` is empty where there is none (9.2.2).
  base::Result<void> collection(std::string& out, Page& page, const Query& query, std::string_view next_link);
  /// Appends a page of links alone (9.2.7).
  void references(std::string& out, const Page& page, std::string_view next_link) const;
  /// Appends a page of Observations in the dataArray form (13.1).
  void data_arrays(std::string& out, const Page& page, const Query& query, std::string_view next_link) const;

 private:
  base::Result<void> expanded(std::string& out, Item& item, const Navigation& navigation, const Query& query);
  void begin_page(std::string& out, const Page& page, std::string_view next_link) const;

  const std::string root_;
  const twin::Names& names_;
  Reader& reader_;
  Evaluator& evaluator_;
  std::size_t items_ = 0;
};

}  // namespace citiverse::api::sensor_things
