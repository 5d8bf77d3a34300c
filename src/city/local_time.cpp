// ICU knows the zones; libstdc++ 12 does not yet.
#include "city/local_time.h"

#include <unicode/timezone.h>

#include <memory>

#include <fmt/format.h>

namespace citiverse::city {

base::Result<LocalTime> local_time_in(std::string_view time_zone, std::chrono::sys_seconds moment) {
  const auto name =
      icu::UnicodeString::fromUTF8(icu::StringPiece(time_zone.data(), static_cast<std::int32_t>(time_zone.size())));
  const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(name));
  if (!zone || *zone == icu::TimeZone::getUnknown()) {
    return base::fail(base::ErrorCode::bad_input,
                      fmt::format("time zone {}: not in the IANA database; write one such as Europe/Paris", time_zone));
  }
  std::int32_t raw_ms = 0;
  std::int32_t daylight_ms = 0;
  UErrorCode error = U_ZERO_ERROR;
  zone->getOffset(static_cast<double>(moment.time_since_epoch().count()) * 1000.0, false, raw_ms, daylight_ms, error);
  if (U_FAILURE(error)) return base::fail(base::ErrorCode::unavailable, "time zone: ICU cannot tell the offset");
  const auto local = moment.time_since_epoch() + std::chrono::seconds((raw_ms + daylight_ms) / 1000);
  return LocalTime(std::chrono::floor<std::chrono::minutes>(local));
}

}  // namespace citiverse::city
