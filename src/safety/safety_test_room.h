// A room of its own for each test: a file that goes, a clock that a test turns, randomness from a seed.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/random.h"
#include "safety/case_book.h"
#include "safety/contact_choices.h"
#include "safety/relations.h"
#include "safety/safety_data.h"

namespace citiverse::safety {

class SafetyRoom : public testing::Test {
 protected:
  void SetUp() override { open(); }
  void TearDown() override {
    close();
    std::filesystem::remove_all(folder_);
  }
  /// As after a restart.
  void reopen() {
    close();
    open();
  }

  Time now_{std::chrono::seconds{1'800'000'000}};
  base::Random random_{5};
  const identity::Surroundings surroundings_{[this] { return now_; },
                                             [this](std::span<std::byte> bytes) {
                                               for (std::byte& byte : bytes) byte = static_cast<std::byte>(random_.next());
                                             }};
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<Relations> relations_;
  std::unique_ptr<CaseBook> cases_;
  std::unique_ptr<ContactChoices> choices_;
  std::unique_ptr<SafetyData> data_;

  static constexpr AccountId kAna{101};
  static constexpr AccountId kBen{102};
  static constexpr AccountId kCleo{103};
  static constexpr AccountId kMod{201};
  static constexpr AccountId kOtherMod{202};

 private:
  void close() {
    data_.reset();
    choices_.reset();
    cases_.reset();
    relations_.reset();
    store_.reset();
  }
  void open() {
    store_ = storage::Store::open(folder_ / "people.db").value();
    ASSERT_TRUE(make_tables(*store_));
    relations_ = Relations::load(*store_, surroundings_).value();
    cases_ = CaseBook::load(*store_, surroundings_).value();
    choices_ = std::make_unique<ContactChoices>(*store_);
    data_ = std::make_unique<SafetyData>(*relations_, *cases_, *choices_);
  }
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("citiverse_safety_test_" + std::to_string(getpid()));
};

}  // namespace citiverse::safety
