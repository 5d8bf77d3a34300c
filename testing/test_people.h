// A node's people for tests: a clock that the test turns, secrets that are the same in every run, hashes that cost little.
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/random.h"
#include "identity/identity.h"

namespace citiverse::testing_fixtures {

class TestPeople {
 public:
  explicit TestPeople(identity::Passwords::Options options = {}) : options_(std::move(options)) {
    options_.cost = {.bytes = 8192, .passes = 1};
    std::filesystem::remove_all(folder_);
    open();
  }
  TestPeople(const TestPeople&) = delete;
  TestPeople& operator=(const TestPeople&) = delete;
  ~TestPeople() {
    identity_.reset();
    std::filesystem::remove_all(folder_);
  }

  identity::Identity& operator*() { return *identity_; }
  identity::Identity* operator->() { return identity_.get(); }
  identity::Time now() const { return identity::Time(std::chrono::seconds(now_.load())); }
  void advance(std::chrono::seconds time) { now_ += time.count(); }
  /// As a node that is stopped and started.
  void restart() {
    identity_.reset();
    open();
  }
  const std::filesystem::path& folder() const { return folder_; }

  identity::AccountId guest(std::string name = "Wanderer") {
    return identity_->accounts().create_guest({.name = std::move(name)}, false).value();
  }
  /// A member who signs in under `sign_in_name` with kPassword.
  identity::AccountId member(const std::string& sign_in_name) {
    const auto account = guest(sign_in_name);
    EXPECT_TRUE(identity_->accounts().set_sign_in_name(account, sign_in_name));
    EXPECT_TRUE(identity_->passwords().set(account, kPassword));
    return account;
  }
  identity::AccountId member(const std::string& sign_in_name, identity::Role role) {
    const auto account = member(sign_in_name);
    EXPECT_TRUE(identity_->accounts().give_role(account, role));
    return account;
  }
  static constexpr std::string_view kPassword = "kindly carry seven melons";

 private:
  void open() {
    identity::Surroundings surroundings;
    surroundings.now = [this] { return now(); };
    surroundings.fill_random = [this](std::span<std::byte> bytes) {
      for (std::byte& byte : bytes) byte = static_cast<std::byte>(base::mix64(drawn_.fetch_add(1)) >> 56);
    };
    auto opened = identity::Identity::open(folder_, std::move(surroundings), options_);
    ASSERT_TRUE(opened) << opened.error().message;
    identity_ = *std::move(opened);
  }

  identity::Passwords::Options options_;
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("citiverse_people_" + std::to_string(getpid()) + "_" + unique_name());
  static std::string unique_name() {
    static std::atomic<int> made{0};
    return std::to_string(made.fetch_add(1));
  }
  std::atomic<std::int64_t> now_{1'770'000'000};
  std::atomic<std::uint64_t> drawn_{1};
  std::unique_ptr<identity::Identity> identity_;
};

}  // namespace citiverse::testing_fixtures
