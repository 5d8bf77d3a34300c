// Numbers out, words back to the space that they are for.
#include "api/shared_relay.h"

#include <utility>

namespace citiverse::api {

using presence::PersonId;
using presence::RelayRoom;
using presence::RelayWord;

class SharedRelay::Port final : public presence::VoiceRelay {
 public:
  Port(SharedRelay& shared, std::uint32_t number) : shared_(shared), number_(number) {}
  ~Port() override {
    for (const auto& [person, number] : numbers_) {
      shared_.relay_.leave(number);
      shared_.members_.erase(number);
    }
  }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  bool is_available() const override { return shared_.relay_.is_available(); }

  base::Result<void> signal(RelayRoom room, PersonId from, std::string_view data_json) override {
    const auto known = numbers_.find(from);
    const PersonId number = known != numbers_.end() ? known->second : shared_.number_of(*this, from);
    numbers_[from] = number;
    // Rooms are numbered by a person of the space.
    return shared_.relay_.signal((std::uint64_t{number_} << 32) | room, number, data_json);
  }

  void leave(PersonId person) override {
    const auto known = numbers_.find(person);
    if (known == numbers_.end()) return;
    shared_.relay_.leave(known->second);
    shared_.members_.erase(known->second);
    numbers_.erase(known);
  }

  void drain(const std::function<void(const RelayWord&)>& take) override {
    shared_.distribute();
    for (const RelayWord& word : std::exchange(words_, {})) take(word);
  }

  void hear(RelayWord word) { words_.push_back(std::move(word)); }

 private:
  SharedRelay& shared_;
  std::uint32_t number_;
  std::map<PersonId, PersonId> numbers_;  // Those who have said something, and their numbers behind this.
  std::vector<RelayWord> words_;
};

std::unique_ptr<presence::VoiceRelay> SharedRelay::port() { return std::make_unique<Port>(*this, ++ports_); }

PersonId SharedRelay::number_of(Port& port, PersonId person) {
  do {
    ++last_;
  } while (last_ == presence::kNobody || members_.contains(last_));
  members_[last_] = {&port, person};
  return last_;
}

void SharedRelay::distribute() {
  relay_.drain([this](const RelayWord& word) {
    const auto found = members_.find(word.to);
    if (found == members_.end()) return;  // Has left meanwhile.
    found->second.port->hear({found->second.person, word.data_json, word.has_failed});
  });
}

}  // namespace citiverse::api
