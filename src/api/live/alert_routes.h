// GET and POST /api/v1/me/alerts, DELETE /api/v1/me/alerts/{id}: what a person wants to be told of, kept with the account.
#pragma once

#include "api/identity_api.h"
#include "identity/identity.h"
#include "identity/personal_data.h"
#include "net/router.h"
#include "twin/alert_book.h"

namespace citiverse::api {

/// Threads: safe.
class PersonalAlerts final : public identity::PersonalData {
 public:
  /// Both must outlive it.
  PersonalAlerts(twin::AlertBook& book, identity::Identity& people) : book_(book), people_(people) {}

  std::string_view name() const override { return "alerts"; }
  base::Result<std::string> export_json(identity::AccountId account) override;
  base::Result<void> erase(identity::AccountId account) override { return book_.erase(account.value); }

  twin::AlertBook& book() { return book_; }
  identity::Identity& people() { return people_; }

 private:
  twin::AlertBook& book_;
  identity::Identity& people_;
};

/// `alerts` must outlive the router.
void add_alert_routes(net::Router& router, PersonalAlerts& alerts);

}  // namespace citiverse::api
