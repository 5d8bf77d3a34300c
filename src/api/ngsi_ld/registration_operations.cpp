// Tables 4.20-1 and 4.20-2; a group is the text of its names.
#include "api/ngsi_ld/registration_operations.h"

#include <algorithm>
#include <array>
#include <utility>

namespace citiverse::api::ngsi_ld {
namespace {

constexpr std::array<std::string_view, 41> kOperations{"createEntity",
                                                       "updateEntity",
                                                       "appendAttrs",
                                                       "updateAttrs",
                                                       "deleteAttrs",
                                                       "deleteEntity",
                                                       "createBatch",
                                                       "upsertBatch",
                                                       "updateBatch",
                                                       "deleteBatch",
                                                       "upsertTemporal",
                                                       "appendAttrsTemporal",
                                                       "deleteAttrsTemporal",
                                                       "updateAttrInstanceTemporal",
                                                       "deleteAttrInstanceTemporal",
                                                       "deleteTemporal",
                                                       "mergeEntity",
                                                       "replaceEntity",
                                                       "replaceAttrs",
                                                       "mergeBatch",
                                                       "purgeEntity",
                                                       "retrieveEntity",
                                                       "queryEntity",
                                                       "queryBatch",
                                                       "retrieveTemporal",
                                                       "queryTemporal",
                                                       "retrieveEntityTypes",
                                                       "retrieveEntityTypeDetails",
                                                       "retrieveEntityTypeInfo",
                                                       "retrieveAttrTypes",
                                                       "retrieveAttrTypeDetails",
                                                       "retrieveAttrTypeInfo",
                                                       "createSubscription",
                                                       "updateSubscription",
                                                       "retrieveSubscription",
                                                       "querySubscription",
                                                       "deleteSubscription",
                                                       "retrieveEntityMap",
                                                       "updateEntityMap",
                                                       "deleteEntityMap",
                                                       "createEntityMapQueryEntity"};
constexpr std::array<std::string_view, 2> kMoreOperations{"createEntityMapQueryTemporal", "retrieveContextSourceIdentity"};
static_assert(kOperations.size() + kMoreOperations.size() <= 64);

constexpr std::string_view kAssociation =
    "retrieveEntity queryEntity queryBatch retrieveEntityTypes retrieveEntityTypeDetails retrieveEntityTypeInfo "
    "retrieveAttrTypes retrieveAttrTypeDetails retrieveAttrTypeInfo createSubscription updateSubscription "
    "retrieveSubscription querySubscription deleteSubscription retrieveContextSourceIdentity";
constexpr std::string_view kMaps = "retrieveEntityMap updateEntityMap deleteEntityMap createEntityMapQueryEntity";
constexpr std::string_view kRedirection =
    "createEntity updateEntity appendAttrs updateAttrs deleteAttrs deleteEntity mergeEntity replaceEntity replaceAttrs "
    "retrieveEntity queryEntity purgeEntity retrieveEntityTypes retrieveEntityTypeDetails retrieveEntityTypeInfo "
    "retrieveAttrTypes retrieveAttrTypeDetails retrieveAttrTypeInfo retrieveContextSourceIdentity";
constexpr std::string_view kUpdate = "updateEntity updateAttrs replaceEntity replaceAttrs";
constexpr std::string_view kRetrieve = "retrieveEntity queryEntity";

constexpr Operations bit_of(std::string_view name) {
  for (std::size_t i = 0; i < kOperations.size(); ++i)
    if (kOperations[i] == name) return Operations{1} << i;
  for (std::size_t i = 0; i < kMoreOperations.size(); ++i)
    if (kMoreOperations[i] == name) return Operations{1} << (kOperations.size() + i);
  return 0;
}

constexpr Operations all_of_names(std::string_view names) {
  Operations all = 0;
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(' '));
    all |= bit_of(name);
    names.remove_prefix(std::min(name.size() + 1, names.size()));
  }
  return all;
}

constexpr std::array<std::pair<std::string_view, Operations>, 5> kGroups{
    {{"federationOps", all_of_names(kAssociation) | all_of_names(kMaps)},
     {"associationOps", all_of_names(kAssociation)},
     {"updateOps", all_of_names(kUpdate)},
     {"retrieveOps", all_of_names(kRetrieve)},
     {"redirectionOps", all_of_names(kRedirection) | all_of_names(kMaps)}}};

}  // namespace

std::optional<Operations> operations_named(std::string_view name) {
  for (const auto& [group, operations] : kGroups)
    if (group == name) return operations;
  const Operations operation = bit_of(name);
  return operation == 0 ? std::nullopt : std::optional(operation);
}

Operations usual_operations() { return kGroups.front().second; }

}  // namespace citiverse::api::ngsi_ld
