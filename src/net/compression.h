// Bodies made smaller, once, for those clients that ask.
#pragma once

#include <string>
#include <string_view>

#include "net/negotiation.h"

namespace citiverse::net {

enum class Effort { quick, thorough };  ///< For an answer made now, or for a file that is sent many times.

/// `bytes` in an encoding: gzip (RFC 1952) without a time stamp, or brotli (RFC 7932). The same bytes give the same bytes.
std::string compressed(std::string_view bytes, Encoding encoding, Effort effort);

/// Whether a media type gains from compression: text, JSON, vector tiles, SVG, WebAssembly, and our glTF and subtrees:
/// EXT_meshopt_compression prepares vertices for a compressor, which takes a third off. Not images or fonts.
bool is_compressible(std::string_view media_type);

/// The media type of a file by its ending; application/octet-stream when it is not one of ours.
std::string_view media_type_of(std::string_view path);

}  // namespace citiverse::net
