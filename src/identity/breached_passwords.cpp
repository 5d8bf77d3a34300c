// A binary search over lines of different lengths: step to the middle byte, then back to where its line begins.
#include "identity/breached_passwords.h"

#include <openssl/evp.h>

#include <fmt/format.h>

namespace citiverse::identity {
namespace {

constexpr std::size_t kHexDigits = 40;

std::string sha1_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int bytes = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &bytes, EVP_sha1(), nullptr);
  std::string hex;
  for (unsigned int i = 0; i < bytes; ++i) fmt::format_to(std::back_inserter(hex), "{:02X}", digest[i]);
  return hex;
}

std::string_view text_of(const base::MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

bool is_line(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
  return line.size() >= kHexDigits && std::ranges::all_of(line.substr(0, kHexDigits), is_hex) &&
         (line.size() == kHexDigits || line[kHexDigits] == ':');
}

}  // namespace

bool has_line_of(std::string_view list, std::string_view sha1_hex) {
  std::size_t begin = 0;
  std::size_t end = list.size();
  while (begin < end) {
    const std::size_t middle = begin + (end - begin) / 2;
    // The newline before `middle` ends the line before; none means that the first line holds `middle`.
    std::size_t line = middle == 0 ? std::string_view::npos : list.rfind('\n', middle - 1);
    line = line == std::string_view::npos || line < begin ? begin : line + 1;
    const std::size_t line_end = std::min(list.find('\n', line), end);
    const std::string_view key = list.substr(line, std::min(kHexDigits, line_end - line));
    if (key == sha1_hex) return true;
    if (key < sha1_hex)
      begin = line_end + 1;
    else
      end = line;
  }
  return false;
}

base::Result<BreachedPasswords> BreachedPasswords::open(const std::filesystem::path& file) {
  auto mapped = base::MappedFile::open(file);
  if (!mapped) return std::unexpected(mapped.error());
  BreachedPasswords list;
  list.file_ = *std::move(mapped);
  std::string_view text = text_of(list.file_);
  if (text.ends_with('\n')) text.remove_suffix(1);
  const std::string_view first = text.substr(0, text.find('\n'));
  const std::size_t last_begin = text.rfind('\n');
  const std::string_view last = last_begin == std::string_view::npos ? first : text.substr(last_begin + 1);
  if (!is_line(first) || !is_line(last) || last.substr(0, kHexDigits) < first.substr(0, kHexDigits))
    return base::fail(
        base::ErrorCode::bad_input,
        fmt::format("{}: lines must be SHA-1 in upper-case hexadecimal, with ':count' or without, sorted", file.string()));
  return list;
}

bool BreachedPasswords::contains(std::string_view password) const { return has_line_of(text_of(file_), sha1_hex(password)); }

}  // namespace citiverse::identity
