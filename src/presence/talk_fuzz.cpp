// What clients say as JSON comes from outside: whatever it is, talk and voice answer or refuse, and links stay mutual.
#include <cstdlib>

#include "presence/reach_on_paper.h"
#include "presence/talk.h"

namespace {

using namespace citiverse::presence;

void check_links(const Talk& talk, const ReachOnPaper& reach) {
  for (const auto& [person, someone] : reach.people) {
    const std::vector<PersonId> peers = talk.voice().peers_of(person);
    if (peers.size() > kVoicePeersMax) std::abort();
    for (const PersonId peer : peers) {
      const std::vector<PersonId> back = talk.voice().peers_of(peer);
      if (std::ranges::find(back, person) == back.end()) std::abort();
    }
  }
}

}  // namespace

// Lines: the first byte says who speaks or what happens, the rest is the message.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ReachOnPaper reach;
  RulesOnPaper rules;
  SayTable table;
  Talk talk(reach, rules, nullptr);
  talk.add_to(table);
  for (std::uint64_t account = 1; account <= 8; ++account)
    reach.enter(account, static_cast<double>(account), account <= 4 ? 1 : 0);
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::uint64_t now_ms = 1'000;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    const auto byte = static_cast<unsigned char>(line[0]);
    const PersonId person = byte % 8 + 1;
    now_ms += byte;
    switch (byte >> 5) {
      case 5: reach.people.at(person).place.x = byte * 100; break;
      case 6: talk.left(person); break;
      case 7: talk.tick(now_ms); break;
      default: static_cast<void>(dispatch_say(table, reach, person, line.substr(1), now_ms));
    }
    check_links(talk, reach);
  }
  for (auto& [person, someone] : reach.people) {
    for (const std::string& told : someone.told)
      if (!citiverse::base::JsonDocument::parse(told)) std::abort();
  }
  return 0;
}
