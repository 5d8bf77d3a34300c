// Which registered sources may have what is asked for (ETSI GS CIM 009 V1.9.1, 5.12, 5.10.2.4, 5.11.2.4).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/ngsi_ld/asked.h"
#include "api/ngsi_ld/registration.h"
#include "twin/query/entity_query.h"

namespace citiverse::api::ngsi_ld {

/// What is asked of each source; members that are empty ask nothing. Threads: one at a time (GeoQuery).
struct RegistrationQuestion {
  std::vector<twin::EntitySelector> selectors;
  std::vector<twin::NameId> names;  ///< Of attributes: at least one of these.
  std::optional<twin::GeoQuery> geo;
  std::optional<twin::ScopeQuery> scope;
  std::optional<twin::QExpression> csf;
  std::optional<TemporalQuestion> temporal;  ///< None: sources of what is now only.
  std::vector<std::string> datasets;
};

/// The places of the elements of its information that fit; none where the source does not.
/// An area fits a geo-query where it may hold places that do. "before" and "after" fit an interval that reaches there, so that
/// no source is left out that may have something.
std::vector<std::size_t> fitting_information(const Registration& registration, const RegistrationQuestion& question,
                                             const twin::Names& names);

/// Whether two sources claim the same attribute of the same entity alone (4.3.6.3): one is exclusive, the other exclusive or
/// redirect.
bool claim_the_same(const Registration& a, const Registration& b);
/// Whether an entity is one that the registration names, and has one of the attributes that it names.
bool is_claimed(const RegistrationInfo& info, const twin::Entity& entity);
/// What indexes can narrow for is_claimed().
twin::Narrowing narrowing_of(const RegistrationInfo& info);

/// Of GET /csourceRegistrations. Fails as BadRequestData, where it asks too widely as well.
struct RegistrationSearch {
  RegistrationQuestion question;
  std::size_t limit = 0;
  std::size_t offset = 0;
  bool counts = false;
};
Answered<RegistrationSearch> read_registration_search(const NgsiLdApi& api, const Asked& asked);
/// Of a subscription to registrations, from what it watches, which is moved from.
RegistrationQuestion question_of(Subscription& subscription);

}  // namespace citiverse::api::ngsi_ld
