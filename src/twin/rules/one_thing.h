// A rule applied to one thing: which of its values count, and what comes out, with all that is said of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "twin/report.h"
#include "twin/rules/rule.h"
#include "twin/rules/window.h"

namespace citiverse::twin::rules {

/// What is said of a derived value besides status, source and quality: its rule, and whether anything in it is simulated.
struct DerivedTerms : ReportTerms {
  explicit DerivedTerms(Names& names);
  NameId rule, basis;
  NameId celsius, fahrenheit, kelvin, percent, micrograms, milligrams;  ///< UN/CEFACT Recommendation 20.
};
inline constexpr std::string_view kSimulatedBasis = "simulated";

/// A number that a thing has, of the default dataset; nothing where it has none.
struct Reading {
  double value = 0;
  TimeUs at_us = 0;  ///< observedAt, or when it was written.
  NameId unit = kNoName;
  bool is_simulated = false;
};
std::optional<Reading> reading_of(const Entity& entity, NameId attribute, const DerivedTerms& terms);
bool is_simulated(const Attribute& attribute, const DerivedTerms& terms);
/// The text of what is said of a value; empty where nothing is.
std::string_view saying_of(const Attribute& attribute, NameId name);

struct Derived {
  Value value;
  TimeUs at_us = 0;
  NameId unit = kNoName;
  bool is_from_simulated = false;
  std::string quality;
};

/// °C in tenths. Nothing where a value is missing, in a unit that is not known, or more than kInputsApartUsMax older than the
/// other. Humidity of 0 to 1 without "P1" is a fraction, as the Smart Data Models have it.
std::optional<Derived> heat_index_of(const HeatIndex& rule, const Entity& entity, const DerivedTerms& terms);
/// The band; its quality says which pollutants it is made of and which is the worst.
std::optional<Derived> air_quality_of(const AirQuality& rule, const Entity& entity, const DerivedTerms& terms);
Derived threshold_of(const Threshold& rule, const Reading& reading, bool was);
/// In hundredths. The window is not empty.
Derived rolling_mean_of(const RollingMean& rule, const Window& window);

/// As it is stored: status derived, the source names the rule.
Attribute attribute_of(const Rule& rule, Derived derived, const DerivedTerms& terms);

}  // namespace citiverse::twin::rules
