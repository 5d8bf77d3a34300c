// JSON to HTML by its shape alone, so that what a new room exports is shown without a change here.
#include "api/export_page.h"

#include <fmt/format.h>

#include "base/json_reader.h"

namespace citiverse::api {
namespace {

constexpr std::size_t kExportDepthMax = 32;

void write_escaped(std::string& html, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '"': html += "&quot;"; break;
      default: html += c;
    }
  }
}

// "verified_at" → "Verified at".
void write_label(std::string& html, std::string_view key) {
  std::string label(key);
  std::ranges::replace(label, '_', ' ');
  if (!label.empty() && label[0] >= 'a' && label[0] <= 'z') label[0] = static_cast<char>(label[0] - 'a' + 'A');
  write_escaped(html, label);
}

void write_value(std::string& html, base::JsonValue value) {
  if (value.is_object()) {
    html += "<dl>";
    for (std::size_t i = 0; i < value.size(); ++i) {
      html += "<dt>";
      write_label(html, value.member(i).first);
      html += "</dt><dd>";
      write_value(html, value.member(i).second);
      html += "</dd>";
    }
    html += "</dl>";
  } else if (value.is_array()) {
    if (value.size() == 0) {
      html += "–";
      return;
    }
    html += "<ol>";
    for (std::size_t i = 0; i < value.size(); ++i) {
      html += "<li>";
      write_value(html, value[i]);
      html += "</li>";
    }
    html += "</ol>";
  } else if (const auto text = value.text()) {
    html += "<bdi>";
    write_escaped(html, *text);
    html += "</bdi>";
  } else if (const auto is_so = value.boolean()) {
    html += *is_so ? "yes" : "no";
  } else if (const auto whole = value.integer()) {
    html += fmt::format("{}", *whole);
  } else if (const auto number = value.number()) {
    html += fmt::format("{}", *number);
  } else {
    html += "–";
  }
}

}  // namespace

base::Result<std::string> export_page(std::string_view json) {
  const auto document = base::JsonDocument::parse(json, kExportDepthMax);
  if (!document || !document->root().is_object()) return base::fail(base::ErrorCode::corrupt, "the export is no JSON object");
  std::string html =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>CitiVerse: everything about me</title></head><body><main><h1>Everything about "
      "me</h1>";
  const base::JsonValue root = document->root();
  for (std::size_t i = 0; i < root.size(); ++i) {
    html += "<section><h2>";
    write_label(html, root.member(i).first);
    html += "</h2>";
    write_value(html, root.member(i).second);
    html += "</section>";
  }
  html += "</main></body></html>\n";
  return html;
}

}  // namespace citiverse::api
