// Values are taken in the units in which they come, or not at all: a wrong unit would give a believable wrong number.
#include "twin/rules/one_thing.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace citiverse::twin::rules {
namespace {

double to_step(double value, double steps_per_unit) { return std::round(value * steps_per_unit) / steps_per_unit; }

std::optional<double> celsius_of(const Reading& reading, const DerivedTerms& terms) {
  if (reading.unit == kNoName || reading.unit == terms.celsius) return reading.value;
  if (reading.unit == terms.fahrenheit) return (reading.value - 32) / 1.8;
  if (reading.unit == terms.kelvin) return reading.value - 273.15;
  return std::nullopt;
}

double percent_of(const Reading& reading, const DerivedTerms& terms) {
  return reading.unit != terms.percent && reading.value <= 1 ? reading.value * 100 : reading.value;
}

std::optional<double> micrograms_of(const Reading& reading, const DerivedTerms& terms) {
  if (reading.unit == kNoName || reading.unit == terms.micrograms) return reading.value;
  if (reading.unit == terms.milligrams) return reading.value * 1000;
  return std::nullopt;
}

}  // namespace

DerivedTerms::DerivedTerms(Names& names)
    : ReportTerms(names),
      rule(names.intern("https://citiverse.org/ns#rule")),
      basis(names.intern("https://citiverse.org/ns#basis")),
      celsius(names.intern("CEL")),
      fahrenheit(names.intern("FAH")),
      kelvin(names.intern("KEL")),
      percent(names.intern("P1")),
      micrograms(names.intern("GQ")),
      milligrams(names.intern("GP")) {}

std::string_view saying_of(const Attribute& attribute, NameId name) {
  const auto found = std::ranges::find(attribute.about, name, &Attribute::name);
  const auto* text = found == attribute.about.end() ? nullptr : std::get_if<std::string>(&found->value);
  return text == nullptr ? std::string_view() : *text;
}

bool is_simulated(const Attribute& attribute, const DerivedTerms& terms) {
  const auto says = [&](NameId name) { return saying_of(attribute, name).ends_with(kSimulatedBasis); };
  return says(terms.status) || says(terms.basis);
}

std::optional<Reading> reading_of(const Entity& entity, NameId attribute, const DerivedTerms& terms) {
  const Attribute* found = attribute == kNoName ? nullptr : entity.find(attribute);
  if (found == nullptr) return std::nullopt;
  Reading reading;
  if (const auto* number = std::get_if<double>(&found->value))
    reading.value = *number;
  else if (const auto* whole = std::get_if<std::int64_t>(&found->value))
    reading.value = static_cast<double>(*whole);
  else
    return std::nullopt;
  if (!std::isfinite(reading.value)) return std::nullopt;
  reading.at_us = found->observed_us != kNoTime ? found->observed_us : found->modified_us;
  reading.unit = found->unit;
  reading.is_simulated = is_simulated(*found, terms);
  return reading;
}

std::optional<Derived> heat_index_of(const HeatIndex& rule, const Entity& entity, const DerivedTerms& terms) {
  const auto temperature = reading_of(entity, rule.temperature, terms);
  const auto humidity = reading_of(entity, rule.humidity, terms);
  if (!temperature || !humidity) return std::nullopt;
  if (std::abs(temperature->at_us - humidity->at_us) > kInputsApartUsMax) return std::nullopt;
  const auto celsius = celsius_of(*temperature, terms);
  if (!celsius) return std::nullopt;
  const auto index = heat_index_c(*celsius, percent_of(*humidity, terms));
  if (!index) return std::nullopt;
  return Derived{to_step(*index, 10), std::max(temperature->at_us, humidity->at_us), terms.celsius,
                 temperature->is_simulated || humidity->is_simulated, ""};
}

std::optional<Derived> air_quality_of(const AirQuality& rule, const Entity& entity, const DerivedTerms& terms) {
  std::array<std::optional<Reading>, kPollutants> readings;
  TimeUs newest_us = INT64_MIN;
  for (std::size_t i = 0; i < kPollutants; ++i)
    if ((readings[i] = reading_of(entity, rule.pollutants[i], terms))) newest_us = std::max(newest_us, readings[i]->at_us);
  Derived derived;
  derived.at_us = newest_us;
  int bands = 0;
  int worst = 0;
  std::string_view worst_name;
  for (std::size_t i = 0; i < kPollutants; ++i) {
    if (!readings[i] || readings[i]->at_us < newest_us - kInputsApartUsMax) continue;
    const auto pollutant = static_cast<Pollutant>(i);
    const auto concentration = micrograms_of(*readings[i], terms);
    const auto band = concentration ? air_band(pollutant, *concentration) : std::nullopt;
    if (!band) continue;
    derived.quality += fmt::format("{}{}", bands++ == 0 ? "of " : ", ", name_of(pollutant));
    derived.is_from_simulated = derived.is_from_simulated || readings[i]->is_simulated;
    if (*band <= worst) continue;
    worst = *band;
    worst_name = name_of(pollutant);
  }
  if (bands == 0 || bands < rule.at_least) return std::nullopt;
  derived.value = std::int64_t{worst};
  derived.quality += fmt::format("; worst {}", worst_name);
  return derived;
}

Derived threshold_of(const Threshold& rule, const Reading& reading, bool was) {
  const double sign = rule.is_above ? 1 : -1;
  const bool is_beyond = sign * reading.value > sign * rule.limit;
  const bool is_back = sign * reading.value <= sign * rule.clears;
  return {is_beyond || (was && !is_back), reading.at_us, kNoName, reading.is_simulated, ""};
}

Derived rolling_mean_of(const RollingMean& rule, const Window& window) {
  Derived derived{to_step(rule.is_level ? window.mean_level() : window.mean(), 100), window.newest_us(), window.unit,
                  window.has_simulated(), fmt::format("{} values", window.size())};
  if (window.is_cut()) derived.quality += ", the newest of more";
  return derived;
}

Attribute attribute_of(const Rule& rule, Derived derived, const DerivedTerms& terms) {
  Attribute attribute;
  attribute.name = rule.becomes;
  attribute.unit = derived.unit;
  attribute.observed_us = derived.at_us;
  attribute.value = std::move(derived.value);
  const std::string source = rule.title.empty() ? "rule " + rule.name : fmt::format("rule {}: {}", rule.name, rule.title);
  const auto add = [&](NameId name, std::string_view text) {
    Attribute& about = attribute.about.emplace_back();
    about.name = name;
    about.value = std::string(text);
  };
  add(terms.rule, rule.name);
  if (derived.is_from_simulated) add(terms.basis, kSimulatedBasis);
  say_of(attribute, terms, ValueStatus::derived, source, derived.quality);
  return attribute;
}

}  // namespace citiverse::twin::rules
