// Contexts as they come, objects, addresses and rows of both, made into one that can be asked.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/json_reader.h"
#include "base/result.h"
#include "formats/json_ld_context.h"

namespace citiverse::formats {

inline constexpr std::size_t kJsonLdDocumentBytesMax = 1 << 20;  ///< One context document.
inline constexpr std::size_t kJsonLdDocumentsMax = 32;           ///< Remote documents that one context may lead to.
inline constexpr std::size_t kJsonLdNestingMax = 8;              ///< Documents that refer to documents, rows within rows.
inline constexpr std::size_t kJsonLdTermsMax = 20'000;           ///< Terms of one context, all its documents together.
inline constexpr std::size_t kJsonLdNameBytesMax = 2048;         ///< A term, and an IRI.

/// Gives the text of a remote context document. Its failures are handed on as they are.
using JsonLdLoader = std::function<base::Result<std::shared_ptr<const std::string>>(std::string_view url)>;

/// Makes a context of the value of "@context" (W3C JSON-LD 1.1 API, 4.1 and 4.2, processing mode json-ld-1.1): terms, prefixes,
/// @vocab, @id, @type, @container, @reverse, @language, @protected, @import. The core context of NGSI-LD, in any version,
/// is known without loading. As ETSI GS CIM 009, 5.5.7 asks, scoped contexts are refused. `base_url` is where a document
/// that holds relative addresses lies; empty: there must be none.
/// Fails: bad_input naming the term and what is wrong; limit (the constants above); what `load` fails with.
base::Result<std::shared_ptr<const JsonLdContext>> process_json_ld_context(base::JsonValue context, std::string_view base_url,
                                                                           const JsonLdLoader& load);
/// The same of a document that has a member "@context".
base::Result<std::shared_ptr<const JsonLdContext>> process_json_ld_document(std::string_view document,
                                                                            std::string_view base_url,
                                                                            const JsonLdLoader& load);

/// The core context of NGSI-LD as of V1.9 (ETSI GS CIM 009 V1.9.1, annex B), with its default vocabulary.
const std::shared_ptr<const JsonLdContext>& ngsi_ld_core_context();
/// The same as a document, as it is served.
const std::string& ngsi_ld_core_document();
inline constexpr std::string_view kNgsiLdCoreUrl = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld";
/// True for the addresses of the core context, 1.0 to 1.9 and without version: since the core context wins wherever it stands,
/// a broker reads every version as its own.
bool is_ngsi_ld_core_url(std::string_view url);

}  // namespace citiverse::formats
