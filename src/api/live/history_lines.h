// Values of history as lines to take away: CSV for spreadsheets, JSON lines for programs.
#pragma once

#include <string>
#include <string_view>

#include "twin/history/history.h"
#include "twin/names.h"

namespace citiverse::api {

inline constexpr std::string_view kHistoryCsvHead = "at,value,unit,status,source,modified_at\r\n";

/// Appends one line of the columns of kHistoryCsvHead (RFC 4180). What a spreadsheet would take for a formula gets an
/// apostrophe.
void append_history_csv(std::string& out, const twin::history::Sample& sample, twin::TimeUs time_us, const twin::Names& names);
/// The same as a JSON object (RFC 8259) and a line feed.
void append_history_json(std::string& out, const twin::history::Sample& sample, twin::TimeUs time_us, const twin::Names& names);
/// Appends a text as a field of CSV, in quotation marks.
void append_csv_field(std::string& out, std::string_view text);

/// What is said of a value by one of our own terms, such as "source"; empty when nothing is.
std::string_view text_about(const twin::Attribute& attribute, const twin::Names& names, std::string_view term);

}  // namespace citiverse::api
