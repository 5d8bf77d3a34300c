// What a city's systems ask of a twin, as requests for measuring: seeded entities, values for them, and questions about them.
#pragma once

#include <cstdint>
#include <string>

namespace citiverse::load {

inline constexpr std::uint32_t kTwinTypes = 10;
inline constexpr std::uint32_t kTwinMeasuresMax = 4;

/// Entities that are the same for the same seed: ten types, in a square around a place, each with a location and five
/// attributes.
class TwinRequests {
 public:
  struct Place {
    double longitude_deg = 7.42;
    double latitude_deg = 43.74;
    double side_m = 10'000;
  };
  struct Wire {
    std::string host = "127.0.0.1:8080";
    std::string token;  ///< Of a machine, sent as a bearer's; none when empty.
  };
  struct Size {
    std::uint32_t entities = 100'000;
    std::uint32_t measures = kTwinMeasuresMax;  ///< Of each; 1 to kTwinMeasuresMax.
  };
  TwinRequests(std::uint64_t seed, Size size, Place place, Wire wire)
      : seed_(seed), size_(size), place_(place), wire_(std::move(wire)) {}

  /// POST entityOperations/create with the entities [index × batch, … + batch).
  void write_create(std::uint64_t index, std::uint32_t batch, std::string& out) const;
  /// POST entityOperations/update: one attribute of each of `batch` entities.
  void write_batch_update(std::uint64_t index, std::uint32_t batch, std::string& out) const;
  /// PATCH of one attribute of one entity.
  void write_update(std::uint64_t index, std::string& out) const;
  /// GET of 20 entities of a type.
  void write_list(std::uint64_t index, std::string& out) const;
  /// GET of 20 entities of a type within 500 m of a point in the square.
  void write_near(std::uint64_t index, std::string& out) const;

  /// Evenly spread whole number for what has this number, the same for the same seed.
  std::uint64_t draw(std::uint64_t number, std::uint64_t salt) const;

 private:
  void write_head(std::string_view method, std::string_view target, std::size_t body_bytes, std::string& out) const;
  void write_entity(std::uint64_t entity, std::string& out) const;
  double longitude_of(std::uint64_t number) const;
  double latitude_of(std::uint64_t number) const;
  std::uint64_t entity_of(std::uint64_t update) const { return draw(update, 7) % size_.entities; }

  std::uint64_t seed_;
  Size size_;
  Place place_;
  Wire wire_;
};

}  // namespace citiverse::load
