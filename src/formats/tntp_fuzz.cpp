// Any bytes as network, trips and flows: what is taken names only nodes and zones that exist.
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "formats/tntp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);  // NOLINT: bytes are characters here.
  if (const auto network = citiverse::formats::read_tntp_network(text)) {
    for (const auto& link : network->links) {
      CITIVERSE_CHECK(link.from >= 1 && link.from <= network->nodes && link.to >= 1 && link.to <= network->nodes,
                      "nodes exist");
      CITIVERSE_CHECK(std::isfinite(link.capacity) && link.capacity >= 0, "numbers are finite");
    }
  }
  if (const auto trips = citiverse::formats::read_tntp_trips(text)) {
    for (const auto& trip : trips->trips) {
      CITIVERSE_CHECK(trip.from >= 1 && trip.from <= trips->zones && trip.to >= 1 && trip.to <= trips->zones, "zones exist");
      CITIVERSE_CHECK(trip.trips > 0, "trips are some");
    }
  }
  if (const auto flows = citiverse::formats::read_tntp_flows(text)) {
    for (const auto& flow : *flows) CITIVERSE_CHECK(flow.volume >= 0 && std::isfinite(flow.cost), "numbers are finite");
  }
  return 0;
}
