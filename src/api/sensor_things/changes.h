// Changing and deleting entities, with what the standard says goes along (OGC 18-088, 10.3 and 10.4).
#pragma once

#include <string>

#include "api/sensor_things/creation.h"
#include "api/sensor_things/plan.h"
#include "api/sensor_things/reader.h"

namespace citiverse::api::sensor_things {

inline constexpr std::size_t kRemovedMax = 10'000;  ///< Values and Datastreams that go with one entity.

/// For one request.
class Changes {
 public:
  Changes(const SensorThingsApi& api, Reader& reader) : api_(api), reader_(reader), terms_(api.terms) {}

  /// Gives the id that the entity has afterwards: a value is named by its time. Fails: bad_input, for what is wrong, and for
  /// what is known from values alone; limit; unavailable.
  base::Result<std::string> change(const Item& item, base::JsonValue body);
  base::Result<void> remove(const Item& item);

 private:
  using Done = base::Result<void>;

  Done change_thing(Plan& plan, Creation& creation, const Item& item, base::JsonValue body);
  Done change_stored(Plan& plan, Creation& creation, const Item& item, base::JsonValue body);
  Done change_place(Plan& plan, const Item& item, base::JsonValue body);
  Done change_datastream(Plan& plan, Creation& creation, const Item& item, base::JsonValue body);
  base::Result<std::string> change_observation(const Item& item, base::JsonValue body);
  base::Result<std::string> change_historical(const Item& item, base::JsonValue body);
  base::Result<std::string> correct(const Item& item, twin::Attribute value);

  Done remove_thing(const Item& item);
  Done remove_datastream(const Item& item);
  Done remove_described(const Item& item);
  Done remove_location(const Item& item);
  Done remove_value(const Item& item);
  Done remove_entity(const twin::Entity& entity);
  Done refresh_present(const Item& item);
  bool is_stored(const Item& item) const { return item.entity != nullptr && terms_.is_support(*item.entity); }
  base::Result<std::vector<Item>> collected(const Item& item, std::string_view navigation);
  base::Result<twin::history::Sample> sample_of(const Item& item) const;
  Done wait(const base::Result<std::uint64_t>& position) const;

  const SensorThingsApi& api_;
  Reader& reader_;
  const Terms& terms_;
};

}  // namespace citiverse::api::sensor_things
