// Times as the API tells and takes them: RFC 3339 with the offset of the city's zone.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "city/local_time.h"

namespace citiverse::api {

struct Moment {
  std::chrono::sys_seconds utc;
  city::LocalTime local;  ///< To the minute.
};

/// Threads: safe, if `now` is.
class CityClock {
 public:
  using Now = std::function<std::chrono::sys_seconds()>;

  /// A zone that is not known is taken as UTC.
  CityClock(std::string_view time_zone, Now now);

  const std::string& time_zone() const { return time_zone_; }
  Moment now() const { return at(now_()); }
  Moment at(std::chrono::sys_seconds utc) const;
  /// The first moment at which the city's clocks show `local`; in the hour that spring skips, the moment an hour later.
  Moment at_local(city::LocalTime local) const;
  /// "2026-05-04T18:30:00+02:00", to the minute.
  std::string text(const Moment& moment) const;

  /// "2026-05-04T18:30", optionally with seconds and with an offset ("Z" or "+02:00"); without one it is the city's time.
  /// Fails: bad_input.
  base::Result<Moment> parse(std::string_view text) const;

 private:
  std::string time_zone_;
  Now now_;
};

}  // namespace citiverse::api
