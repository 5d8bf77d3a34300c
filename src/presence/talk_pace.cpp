// Time is the space's own clock, so that a test plays an hour at once.
#include "presence/talk_pace.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/random.h"

namespace citiverse::presence {
namespace {

using base::ErrorCode;
using base::fail;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
bool is_name_character(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; }

// Without case, spaces and punctuation of ASCII: "Buy NOW!!" is "buy now".
std::uint64_t text_hash(std::string_view text) {
  std::uint64_t hash = 0;
  for (const char c : text) {
    const bool counts = is_letter(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (counts) hash = base::mix64(hash ^ static_cast<unsigned char>(lower(c)));
  }
  return hash;
}

// What spam uses and people rarely write by chance after a full stop without a space.
constexpr std::array<std::string_view, 24> kTopDomains = {"com",  "net", "org", "info", "biz",  "io",   "co",   "me",
                                                          "ru",   "cn",  "xyz", "top",  "shop", "site", "club", "online",
                                                          "link", "ly",  "gg",  "app",  "dev",  "tk",   "live", "store"};

}  // namespace

bool TokenBucket::take(int per_minute, std::uint64_t now_ms) {
  const double most = std::max(4.0, per_minute / 4.0);
  if (tokens_ < 0) tokens_ = most;
  const std::uint64_t passed_ms = now_ms > filled_at_ms_ ? now_ms - filled_at_ms_ : 0;
  tokens_ = std::min(most, tokens_ + static_cast<double>(passed_ms) * per_minute / 60'000.0);
  filled_at_ms_ = std::max(filled_at_ms_, now_ms);
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

TalkPace::Talker& TalkPace::talker(std::uint64_t account, std::uint64_t now_ms) {
  // Full: whoever is found first makes room. Only a flood of new accounts comes here.
  if (talkers_.size() >= kTalkersMax && !talkers_.contains(account)) talkers_.erase(talkers_.begin());
  Talker& found = talkers_[account];
  found.heard_at_ms = now_ms;
  return found;
}

base::Result<void> TalkPace::say(std::uint64_t account, std::string_view text, int per_minute, std::uint64_t now_ms) {
  if (per_minute <= 0) return fail(ErrorCode::denied, "you may not talk now; see /api/v1/me/contact for why and until when");
  Talker& who = talker(account, now_ms);
  const std::uint64_t hash = text_hash(text);
  int same = 0;
  for (std::size_t i = 0; i < who.texts.size(); ++i) {
    if (who.texts[i] == hash && who.text_times_ms[i] != 0 && now_ms - who.text_times_ms[i] < kSameTextTimeMs) ++same;
  }
  if (same >= kSameTextMax) return fail(ErrorCode::limit, "text: you said this several times just now; others have read it");
  if (!who.messages.take(per_minute, now_ms))
    return fail(ErrorCode::limit, fmt::format("you write faster than {} messages a minute; wait a moment", per_minute));
  who.texts[who.next_text] = hash;
  who.text_times_ms[who.next_text] = std::max<std::uint64_t>(1, now_ms);
  who.next_text = (who.next_text + 1) % who.texts.size();
  return {};
}

bool TalkPace::caption(std::uint64_t account, std::uint64_t now_ms) {
  return talker(account, now_ms).captions.take(kCaptionsPerSecond * 60, now_ms);
}

base::Result<void> TalkPace::write(std::uint64_t from, std::uint64_t to, int new_per_hour, std::uint64_t now_ms) {
  const bool is_answer = has_written(to, from);
  std::vector<Partner>& partners = talker(from, now_ms).partners;
  if (std::ranges::find(partners, to, &Partner::account) != partners.end()) return {};
  const auto is_recent = [&](const Partner& one) { return !one.was_answer && now_ms - one.began_at_ms < kHourMs; };
  if (!is_answer && std::ranges::count_if(partners, is_recent) >= new_per_hour)
    return fail(ErrorCode::limit, fmt::format("person: you may begin to write to {} people in an hour", new_per_hour));
  if (partners.size() >= kPartnersMax) partners.erase(partners.begin());
  partners.push_back({to, now_ms, is_answer});
  return {};
}

bool TalkPace::has_written(std::uint64_t from, std::uint64_t to) const {
  const auto found = talkers_.find(from);
  return found != talkers_.end() &&
         std::ranges::find(found->second.partners, to, &Partner::account) != found->second.partners.end();
}

void TalkPace::sweep(std::uint64_t now_ms) {
  std::erase_if(talkers_, [&](const auto& entry) { return now_ms - entry.second.heard_at_ms > kTalkerTimeMs; });
}

bool holds_link(std::string_view text) {
  if (text.find("://") != std::string_view::npos) return true;
  for (std::size_t dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.', dot + 1)) {
    if (dot == 0 || !is_name_character(text[dot - 1])) continue;
    std::size_t end = dot + 1;
    std::string label;
    while (end < text.size() && is_name_character(text[end])) label += lower(text[end++]);
    if (label.size() >= 2 && end < text.size() && text[end] == '/') return true;
    if (std::ranges::find(kTopDomains, label) != kTopDomains.end()) return true;
    const bool after_www =
        dot >= 3 && lower(text[dot - 1]) == 'w' && lower(text[dot - 2]) == 'w' && lower(text[dot - 3]) == 'w';
    if (after_www && !label.empty()) return true;
  }
  return false;
}

}  // namespace citiverse::presence
