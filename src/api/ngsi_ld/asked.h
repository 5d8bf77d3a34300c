// What a request asks before its operation looks at it: tenant, context, form of the answer (ETSI GS CIM 009 V1.9.1, 6.3).
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "api/ngsi_ld/entity_json.h"
#include "api/ngsi_ld/ngsi_ld_api.h"
#include "net/target.h"

namespace citiverse::api::ngsi_ld {

enum class MediaType : std::uint8_t { json, ld_json, geo_json };

struct Asked {
  ContextPtr context;
  twin::TenantId tenant = twin::kDefaultTenant;
  std::string tenant_name;
  MediaType accept = MediaType::json;
  net::QueryParameters query;

  const std::string* find(std::string_view parameter) const;
  bool is_true(std::string_view parameter) const;
  /// Whether a word stands in `options` or `format` (6.3.7).
  bool has_option(std::string_view option) const;
  /// Items of a comma-separated parameter, trimmed; empty when it is absent.
  std::vector<std::string> list(std::string_view parameter) const;
  /// Of entities in the answer: normalized, concise, simplified; a wrong word is BadRequestData.
  std::expected<Form, net::Reply> form() const;
};

template <class T>
using Answered = std::expected<T, net::Reply>;

struct AskRules {
  bool may_be_geo_json = false;
  bool makes_tenant = false;  ///< A tenant that is missing is made (5.5.10).
};

/// Of GET and DELETE: the context comes by a Link header, or is the core context (6.3.5).
Answered<Asked> ask(const NgsiLdApi& api, const net::Call& call, AskRules rules = {});

/// Of requests with a body: application/json with a Link header, or application/ld+json with a member "@context" (6.3.5).
struct AskedWithBody {
  Asked asked;
  base::JsonDocument body;
  bool is_ld_json = false;
};
enum class BodyShape : std::uint8_t { object, array };
Answered<AskedWithBody> ask_with_body(const NgsiLdApi& api, const net::Call& call, BodyShape shape, AskRules rules = {});

/// Of one entity of a batch: its own "@context", or the request's.
base::Result<ContextPtr> context_of_item(const NgsiLdApi& api, const AskedWithBody& request, base::JsonValue item);

/// A 200 with what Accept asked for: Link header for JSON, "@context" is in the body already otherwise (6.3.6).
net::Reply answer(const NgsiLdApi& api, const Asked& asked, std::string body);
/// An answer without a body, such as 204 and 201.
net::Reply done(const Asked& asked, int status, std::string fields = {});
/// A field of the Location of something below `path`, its id encoded.
std::string location_field(std::string_view path, std::string_view id);

/// Checks an id in a path (BadRequestData).
Answered<std::string_view> uri_in_path(std::string_view what, std::string_view id);

using Maker = net::Reply (*)(const NgsiLdApi&, const net::Call&);
/// Adds a route below kBase with the media types of 6.3.4.
void add_ngsi_route(net::Router& router, const NgsiLdApi& api, net::Method method, std::string_view path, Maker make,
                    bool is_batch = false);
/// The same for what is of the node's keepers alone: reading it needs Permission::write_live_values, and it is not within
/// snapshots.
void add_guarded_ngsi_route(net::Router& router, const NgsiLdApi& api, net::Method method, std::string_view path, Maker make);

}  // namespace citiverse::api::ngsi_ld
