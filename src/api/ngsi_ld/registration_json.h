// A registration as others read it, and what subscribers to registrations are sent (ETSI GS CIM 009
// V1.9.1, 5.2.9, 5.3.2, 5.3.3).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/ngsi_ld/notification_json.h"
#include "api/ngsi_ld/registration_book.h"
#include "base/json_writer.h"

namespace citiverse::api::ngsi_ld {

struct RegistrationForm {
  const Context& context;
  bool shows_system_attributes = false;
  bool has_context = false;  ///< As a member of each.
};
/// Of its information only the elements at these places (5.10.2.5); nothing: all.
void write_registration(std::string& out, const KeptRegistration& registration,
                        std::optional<std::span<const std::size_t>> information, const RegistrationForm& form);

enum class TriggerReason : std::uint8_t { newly_matching, updated, no_longer_matching };
std::string registration_notification(const NotificationHead& head, TriggerReason reason,
                                      std::span<const FittingRegistration> registrations, const NotificationForm& form,
                                      const Context& context);

}  // namespace citiverse::api::ngsi_ld
