// One subscription as the book keeps it. Private to the book.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "api/ngsi_ld/subscription_book.h"

namespace citiverse::api::ngsi_ld {

struct SubscriptionBook::Counted {
  std::mutex mutex;
  twin::NotificationCounts counts;
  bool is_saved = true;
};

struct SubscriptionBook::Kept {
  twin::TenantId tenant = twin::kDefaultTenant;
  std::string tenant_name;
  std::string id;
  SubscriptionDocument document;
  Subscription subscription;  // Its watch is with the engine while that watches.
  std::vector<twin::NameId> watched;
  ContextPtr context;
  std::string fields;  // Of HTTP, but for the content type.
  std::string look;    // Two that look the same and are asked for the same entities say the same.
  bool has_context = true;
  twin::InterestId watch = 0;
  twin::TimeUs created_us = 0;
  twin::TimeUs modified_us = 0;
  std::shared_ptr<Counted> counted = std::make_shared<Counted>();
};

struct SubscriptionBook::Written {
  twin::EntityPtr entity;
  std::vector<std::pair<std::string, std::shared_ptr<const std::string>>> looks;
};

}  // namespace citiverse::api::ngsi_ld
