#include "safety/evidence_seal.h"

#include <gtest/gtest.h>

#include <set>

namespace citiverse::safety {
namespace {

constexpr Time kSealedAt{std::chrono::seconds{1'800'000'000}};
constexpr Said kSaid{.speaker = AccountId{0x0123456789ABCDEF}, .said_at = kSealedAt, .audience = Audience::person};

std::array<std::uint8_t, EvidenceSeal::kKeyBytes> key(std::uint8_t first) {
  std::array<std::uint8_t, EvidenceSeal::kKeyBytes> bytes{};
  bytes[0] = first;
  return bytes;
}

TEST(EvidenceSeal, gives_back_who_said_it_when_and_to_whom) {
  const EvidenceSeal seal(key(1));
  const std::string proof = seal.seal(kSaid, "Geh weg, مرحبا");
  EXPECT_EQ(proof.size(), EvidenceSeal::kProofCharacters);
  const auto said = seal.open(proof, "Geh weg, مرحبا", kSealedAt);
  ASSERT_TRUE(said);
  EXPECT_EQ(said->speaker, kSaid.speaker);
  EXPECT_EQ(said->said_at, kSaid.said_at);
  EXPECT_EQ(said->audience, kSaid.audience);
}

TEST(EvidenceSeal, opens_for_no_other_text_and_no_other_node) {
  const EvidenceSeal seal(key(1));
  const std::string proof = seal.seal(kSaid, "hello");
  EXPECT_FALSE(seal.open(proof, "hello!", kSealedAt));
  EXPECT_FALSE(seal.open(proof, "", kSealedAt));
  EXPECT_FALSE(EvidenceSeal(key(2)).open(proof, "hello", kSealedAt));
}

TEST(EvidenceSeal, refuses_every_proof_with_one_character_changed) {
  const EvidenceSeal seal(key(1));
  const std::string proof = seal.seal(kSaid, "hello");
  for (std::size_t i = 0; i < proof.size(); ++i) {
    std::string changed = proof;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(seal.open(changed, "hello", kSealedAt)) << i;
  }
  EXPECT_FALSE(seal.open(proof.substr(1), "hello", kSealedAt));
  EXPECT_FALSE(seal.open(proof + "A", "hello", kSealedAt));
  EXPECT_FALSE(seal.open("", "hello", kSealedAt));
}

TEST(EvidenceSeal, takes_no_proof_older_than_thirty_days) {
  const EvidenceSeal seal(key(1));
  const std::string proof = seal.seal(kSaid, "hello");
  EXPECT_TRUE(seal.open(proof, "hello", kSealedAt + EvidenceSeal::kProofTime));
  EXPECT_FALSE(seal.open(proof, "hello", kSealedAt + EvidenceSeal::kProofTime + std::chrono::seconds{1}));
}

TEST(EvidenceSeal, never_repeats_a_proof_so_that_speakers_cannot_be_linked) {
  const EvidenceSeal seal(key(1));
  std::set<std::string> starts;
  std::set<std::string> ends;
  for (int i = 0; i < 100; ++i) {
    const std::string proof = seal.seal(kSaid, "hello");
    starts.insert(proof.substr(0, 16));
    ends.insert(proof.substr(32, 24));
  }
  EXPECT_EQ(starts.size(), 100u);
  EXPECT_EQ(ends.size(), 100u);
}

}  // namespace
}  // namespace citiverse::safety
