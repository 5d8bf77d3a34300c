// One pass over the bytes; fields are copied only into the JSON that comes of them.
#include "formats/csv_rows.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/text.h"

namespace citiverse::formats {
namespace {

using base::ErrorCode;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    const std::string_view first = text.substr(0, text.find('\n'));
    if (first.contains(',')) return;
    if (first.contains(';'))
      separator_ = ';';
    else if (first.contains('\t'))
      separator_ = '\t';
  }

  bool is_at_end() const { return at_ >= text_.size(); }
  std::size_t line() const { return line_; }

  // The fields of one record.
  base::Result<void> record(std::vector<std::string>& fields) {
    fields.clear();
    while (true) {
      if (fields.size() == kCsvColumnsMax)
        return base::fail(ErrorCode::limit, fmt::format("line {}: at most {} columns", line_, kCsvColumnsMax));
      fields.emplace_back();
      const bool is_quoted = at_ < text_.size() && text_[at_] == '"';
      if (is_quoted && !quoted(fields.back()))
        return base::fail(ErrorCode::bad_input, fmt::format("line {}: a field in quotation marks does not end", line_));
      const std::size_t end = std::min(text_.find_first_of(stops(), at_), text_.size());
      std::string_view rest = text_.substr(at_, end - at_);
      at_ = end;
      if (at_ >= text_.size() || text_[at_] == '\n') {
        if (rest.ends_with('\r')) rest.remove_suffix(1);
      }
      if (is_quoted ? !rest.empty() : rest.contains('"'))
        return base::fail(ErrorCode::bad_input,
                          fmt::format("line {}: a quotation mark inside of a field is written twice, and the field in "
                                      "quotation marks",
                                      line_));
      fields.back() += rest;
      if (at_ >= text_.size()) return {};
      if (text_[at_++] == '\n') {
        ++line_;
        return {};
      }
    }
  }

 private:
  std::string_view stops() const { return separator_ == ',' ? ",\n" : separator_ == ';' ? ";\n" : "\t\n"; }

  bool quoted(std::string& field) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') {
          ++at_;
          return true;
        }
        ++at_;
      } else if (text_[at_] == '\n') {
        ++line_;
      }
      field += text_[at_];
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  char separator_ = ',';
};

base::Result<std::vector<std::string>> column_names(Reader& reader) {
  std::vector<std::string> names;
  if (auto read = reader.record(names); !read) return std::unexpected(read.error());
  for (std::size_t i = 0; i < names.size(); ++i) {
    names[i] = base::clean_text(names[i], 200);
    if (names[i].empty())
      return base::fail(ErrorCode::bad_input,
                        fmt::format("line 1: column {} has no name; the first line names columns", i + 1));
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
        names.begin() + static_cast<std::ptrdiff_t>(i))
      return base::fail(ErrorCode::bad_input, fmt::format("line 1: two columns are called '{}'", names[i]));
  }
  return names;
}

}  // namespace

base::Result<CsvRows> read_csv(std::string_view text, std::size_t rows_max) {
  if (!base::is_utf8(text)) return base::fail(ErrorCode::bad_input, "the text is not UTF-8; save it as CSV UTF-8");
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.empty()) return base::fail(ErrorCode::bad_input, "line 1: it is empty; the first line names columns");
  Reader reader(text);
  const auto names = column_names(reader);
  if (!names) return std::unexpected(names.error());
  CsvRows rows;
  base::JsonWriter json(rows.json);
  json.begin_array();
  std::vector<std::string> fields;
  while (!reader.is_at_end()) {
    const std::size_t line = reader.line();
    if (auto read = reader.record(fields); !read) return std::unexpected(read.error());
    if (fields.size() == 1 && fields[0].empty()) continue;  // An empty line.
    if (fields.size() != names->size())
      return base::fail(ErrorCode::bad_input,
                        fmt::format("line {}: {} fields where line 1 names {}", line, fields.size(), names->size()));
    if (rows.lines.size() == rows_max) return base::fail(ErrorCode::limit, fmt::format("at most {} rows at once", rows_max));
    rows.lines.push_back(line);
    json.begin_object();
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (!fields[i].empty()) json.member((*names)[i], fields[i]);
    json.end_object();
  }
  json.end_array();
  return rows;
}

}  // namespace citiverse::formats
