// What somebody outside says of one thing at one moment, and how that becomes an edit of the store: the same for every door.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "twin/entity.h"
#include "twin/store.h"

namespace citiverse::twin {

/// Where a value comes from. Every value that a door lets in says so.
enum class ValueStatus : std::uint8_t { raw, derived, simulated };
std::string_view name_of(ValueStatus status);
std::optional<ValueStatus> value_status_from(std::string_view name);

/// Names of what is said of things and values; numbers of one Names table.
struct ReportTerms {
  explicit ReportTerms(Names& names);
  NameId location, anchor, name, status, source, quality;
};

/// Values are put beside those that the thing has; what is not said stays.
struct Report {
  std::string id;
  NameId type = kNoName;
  std::vector<Attribute> attributes;  ///< Each name once. Their times of creation and change are set when written.
  TimeUs expires_us = kNoTime;
};

/// Adds status, source and quality (empty: not known) to a value, in the order that `Attribute::about` needs.
void say_of(Attribute& attribute, const ReportTerms& terms, ValueStatus status, std::string_view source,
            std::string_view quality);

/// Reports as writes, two each: the first puts every value, so that history has those that come late; the second puts back what
/// was newer than the report, so that a late value never stands for the present. What says nothing new changes nothing. Must
/// outlive the call that writes. Not copyable: edits point into it.
class ReportWrites {
 public:
  ReportWrites(std::vector<Report> reports, TimeUs now_us);
  ReportWrites(const ReportWrites&) = delete;
  ReportWrites& operator=(const ReportWrites&) = delete;
  ~ReportWrites();

  std::size_t size() const;
  std::span<const Write> writes() const { return writes_; }

 private:
  struct Item;
  std::vector<std::unique_ptr<Item>> items_;
  std::vector<Write> writes_;
};

}  // namespace citiverse::twin
