// Tickets open for their purpose, in their time, once.
#include "identity/sealed_tickets.h"

#include <gmock/gmock.h>

namespace citiverse::identity {
namespace {

class Tickets : public testing::Test {
 protected:
  Time now_{std::chrono::seconds(1'800'000'000)};
  Surroundings surroundings_ = [this] {
    Surroundings real = real_surroundings();
    real.now = [this] { return now_; };
    return real;
  }();
  SealedTickets tickets_{surroundings_};
};

TEST_F(Tickets, a_ticket_gives_back_what_was_sealed) {
  const std::string ticket = tickets_.seal("a", "content \0 with zero", std::chrono::minutes(5));
  EXPECT_EQ(tickets_.open("a", ticket).value(), "content \0 with zero");
  EXPECT_THAT(ticket, testing::Not(testing::HasSubstr("content")));
  EXPECT_NE(ticket, tickets_.seal("a", "content \0 with zero", std::chrono::minutes(5)));
}

TEST_F(Tickets, another_purpose_a_changed_bit_and_a_late_hour_do_not_open_it) {
  const std::string ticket = tickets_.seal("a", "content", std::chrono::minutes(5));
  EXPECT_FALSE(tickets_.open("b", ticket));
  for (std::size_t i = 0; i < ticket.size(); ++i) {
    std::string changed = ticket;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(tickets_.open("a", changed)) << i;
  }
  EXPECT_FALSE(tickets_.open("a", ""));
  EXPECT_FALSE(tickets_.open("a", ticket.substr(0, 40)));
  now_ += std::chrono::minutes(5);
  EXPECT_FALSE(tickets_.open("a", ticket));
}

TEST_F(Tickets, a_spent_ticket_neither_opens_nor_is_spent_again) {
  const std::string ticket = tickets_.seal("a", "content", std::chrono::minutes(5));
  EXPECT_TRUE(tickets_.spend("a", ticket));
  EXPECT_FALSE(tickets_.spend("a", ticket));
  EXPECT_FALSE(tickets_.open("a", ticket));
}

TEST_F(Tickets, after_a_restart_no_ticket_opens_so_none_is_taken_twice) {
  const std::string ticket = tickets_.seal("a", "content", std::chrono::minutes(5));
  ASSERT_TRUE(tickets_.spend("a", ticket));
  SealedTickets restarted(surroundings_);
  EXPECT_FALSE(restarted.open("a", ticket));
  EXPECT_FALSE(restarted.spend("a", ticket));
}

TEST_F(Tickets, nothing_spent_is_forgotten_before_it_has_run_out) {
  const std::string first = tickets_.seal("a", "first", std::chrono::minutes(5));
  ASSERT_TRUE(tickets_.spend("a", first));
  for (std::size_t i = 1; i < kSpentTicketsMax; ++i)
    ASSERT_TRUE(tickets_.spend("a", tickets_.seal("a", "", std::chrono::minutes(5))));
  const auto refused = tickets_.spend("a", tickets_.seal("a", "", std::chrono::minutes(5)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::limit);
  EXPECT_FALSE(tickets_.open("a", first));
  now_ += std::chrono::minutes(5);
  EXPECT_TRUE(tickets_.spend("a", tickets_.seal("a", "", std::chrono::minutes(5))));
}

}  // namespace
}  // namespace citiverse::identity
