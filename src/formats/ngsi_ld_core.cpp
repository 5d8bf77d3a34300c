// The mapping of NGSI-LD's own names (ETSI GS CIM 009 V1.9.1, annex B), by kinds of terms instead of one by one.
#include <array>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "formats/json_ld_processor.h"

namespace citiverse::formats {
namespace {

// Terms that only add the namespace.
constexpr std::string_view kPlain =
    "Attribute AttributeList ContextSourceIdentity ContextSourceNotification ContextSourceRegistration Date DateTime "
    "EntityType EntityTypeInfo EntityTypeList ExecutionResultDetails GeoProperty JsonProperty LanguageProperty ListProperty "
    "ListRelationship Notification Property Relationship Snapshot SnapshotNotification Subscription TemporalProperty Time "
    "VocabProperty accept aggrParams aggrMethods aggrPeriodDuration attrs cacheDuration collation contextSourceAlias "
    "contextSourceInfo contextSourceUptime cooldown csf data detail endpoint entities entity entityCount error errors "
    "expandValues format geoQ geoproperty georel idPattern information isActive join jsonKeys lang linkedMaps localOnly "
    "location management managementInterval mode ngsildproof notification notificationTrigger notifierInfo notUpdated "
    "observationInterval observationSpace omit operations operationSpace ordering pick q reason receiverInfo refreshRate "
    "registrationId registrationName resultStatus scope scopeQ showChanges snapshotId snapshotLifetime snapshotPriority "
    "snapshotStatus status subscriptionName sysAttrs temporalQ throttling timeInterval timeout timeproperty timerel "
    "timesFailed timesSent triggerReason unchanged unitCode updated uri";
constexpr std::string_view kGeoJson =
    "Feature FeatureCollection GeometryCollection LineString MultiLineString MultiPoint MultiPolygon Point Polygon geometry "
    "properties";
constexpr std::string_view kTimes =
    "contextSourceTimeAt createdAt deletedAt endAt endTimeAt expiresAt lastFailure lastNotification lastSuccess lastUsedAt "
    "modifiedAt notifiedAt observedAt startAt timeAt";
constexpr std::string_view kIds = "datasetId entityId instanceId subscriptionId success tenant";
constexpr std::string_view kVocabs =
    "attributeList attributeName attributeNames attributeTypes attributes propertyNames relationshipNames typeList typeName "
    "typeNames watchedAttributes";
constexpr std::string_view kLists =
    "avg distinctCount entityList jsons max min orderBy snapshotQueries snapshotQueriesDetails snapshotTemporalQueries "
    "snapshotTemporalQueriesDetails stddev sum sumsq totalCount";
constexpr std::string_view kJsons = "contextSourceExtras problemDetails";

struct Special {
  std::string_view term, iri, type, container;
};
constexpr std::array<Special, 42> kSpecial{{
    {"attributeCount", "attributeCount", "", ""},
    {"attributeDetails", "attributeDetails", "", ""},
    {"bbox", "geojson:bbox", "", "@list"},
    {"containedBy", "ngsi-ld:isContainedBy", "", ""},
    {"coordinates", "geojson:coordinates", "", "@list"},
    {"dataset", "ngsi-ld:hasDataset", "", "@index"},
    {"description", "http://purl.org/dc/terms/description", "", ""},
    {"entityMap", "ngsi-ld:hasEntityMap", "", ""},
    {"features", "geojson:features", "", "@set"},
    {"joinLevel", "ngsi-ld:hasJoinLevel", "", ""},
    {"json", "ngsi-ld:hasJSON", "@json", ""},
    {"key", "ngsi-ld:hasKey", "", ""},
    {"langString", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "", ""},
    {"languageMap", "ngsi-ld:hasLanguageMap", "", "@language"},
    {"languageMaps", "ngsi-ld:hasLanguageMaps", "", "@list"},
    {"object", "ngsi-ld:hasObject", "@id", ""},
    {"objectList", "ngsi-ld:hasObjectList", "", "@list"},
    {"objectLists", "ngsi-ld:hasObjectLists", "", "@list"},
    {"objectType", "ngsi-ld:hasObjectType", "@vocab", ""},
    {"objects", "ngsi-ld:hasObjects", "", "@list"},
    {"previousJson", "ngsi-ld:hasPreviousJson", "@json", ""},
    {"previousLanguageMap", "ngsi-ld:hasPreviousLanguageMap", "", "@language"},
    {"previousObject", "ngsi-ld:hasPreviousObject", "@id", ""},
    {"previousObjectList", "ngsi-ld:hasPreviousObjectList", "", "@list"},
    {"previousValue", "ngsi-ld:hasPreviousValue", "", ""},
    {"previousValueList", "ngsi-ld:hasPreviousValueList", "", "@list"},
    {"previousVocab", "ngsi-ld:hasPreviousVocab", "@vocab", ""},
    {"title", "http://purl.org/dc/terms/title", "", ""},
    {"value", "ngsi-ld:hasValue", "", ""},
    {"valueList", "ngsi-ld:hasValueList", "", "@list"},
    {"valueLists", "ngsi-ld:hasValueLists", "", "@list"},
    {"valueType", "ngsi-ld:hasValueType", "@vocab", ""},
    {"values", "ngsi-ld:hasValues", "", "@list"},
    {"vocab", "ngsi-ld:hasVocab", "@vocab", ""},
    {"vocabs", "ngsi-ld:hasVocabs", "", "@list"},
    {"id", "@id", "", ""},
    {"type", "@type", "", ""},
    {"ngsi-ld", "https://uri.etsi.org/ngsi-ld/", "", ""},
    {"geojson", "https://purl.org/geojson/vocab#", "", ""},
    // Of 1.8 and before; a client that still says them is understood.
    {"geometryProperty", "geojson:geometryProperty", "", ""},
    {"objectsLists", "ngsi-ld:hasObjectsLists", "", "@list"},
    {"@vocab", "https://uri.etsi.org/ngsi-ld/default-context/", "", ""},
}};

void write_term(base::JsonWriter& json, const Special& each) {
  json.key(each.term);
  if (each.type.empty() && each.container.empty()) {
    json.text(each.iri);
    return;
  }
  json.begin_object().member("@id", each.iri);
  json.member_if_known("@type", each.type).member_if_known("@container", each.container).end_object();
}

void write_terms(base::JsonWriter& json, std::string_view names, std::string_view prefix, std::string_view type,
                 std::string_view container) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    write_term(json, {names.substr(0, end), std::string(prefix).append(names.substr(0, end)), type, container});
    names.remove_prefix(std::min(end + 1, names.size()));
  }
}

}  // namespace

const std::string& ngsi_ld_core_document() {
  static const std::string kDocument = [] {
    std::string text;
    base::JsonWriter json(text);
    json.begin_object().key("@context").begin_object();
    json.key("@version").raw("1.1").key("@protected").boolean(true);
    write_terms(json, kPlain, "ngsi-ld:", "", "");
    write_terms(json, kGeoJson, "geojson:", "", "");
    write_terms(json, kTimes, "ngsi-ld:", "DateTime", "");
    write_terms(json, kIds, "ngsi-ld:", "@id", "");
    write_terms(json, kVocabs, "ngsi-ld:", "@vocab", "");
    write_terms(json, kLists, "ngsi-ld:", "", "@list");
    write_terms(json, kJsons, "ngsi-ld:", "@json", "");
    for (const Special& each : kSpecial) write_term(json, each);
    json.end_object().end_object();
    return text;
  }();
  return kDocument;
}

bool is_ngsi_ld_core_url(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (url.starts_with(scheme)) url.remove_prefix(scheme.size());
  constexpr std::string_view kStem = "uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context";
  constexpr std::string_view kEnd = ".jsonld";
  if (!url.starts_with(kStem) || !url.ends_with(kEnd) || url.size() < kStem.size() + kEnd.size()) return false;
  const std::string_view version = url.substr(kStem.size(), url.size() - kStem.size() - kEnd.size());
  return version.empty() || (version.size() == 5 && version.starts_with("-v1.") && version[4] >= '0' && version[4] <= '9');
}

}  // namespace citiverse::formats
