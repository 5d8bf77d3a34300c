// Everything that a stranger on the network can make this program spend, with a number and a name.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace citiverse::net {

inline constexpr std::size_t kTargetBytesMax = 4096;            ///< Request target: path and query.
inline constexpr std::size_t kHeaderBytesMax = 16 * 1024;       ///< Request line and all fields.
inline constexpr std::size_t kHeaderFieldsMax = 64;             ///< Fields of one request.
inline constexpr std::size_t kBodyBytesMax = 64 * 1024;         ///< Request body, of anybody.
inline constexpr std::size_t kLargeBodyBytesMax = 8 << 20;      ///< Request body, of those whom the gate admitted before it.
inline constexpr std::size_t kLargeBodiesBytesMax = 256 << 20;  ///< Of such bodies, together, at one time.
inline constexpr std::size_t kRouteBodyBytesMax = 16 * 1024;    ///< Request body, unless a route says otherwise.
inline constexpr std::size_t kQueryParametersMax = 32;          ///< Parameters of one query.
inline constexpr std::size_t kRangesMax = 1;                    ///< More ranges than this are answered with the whole.
inline constexpr std::size_t kReadBufferBytes = 4096;           ///< First size of a connection's buffer; grows to the limits.
inline constexpr std::size_t kBodyReadBytes = 64 * 1024;        ///< Taken at once from who sends a large body.
inline constexpr std::size_t kLingerBytesMax = 256 * 1024;      ///< Read and dropped after the last answer, so that it arrives.
/// Larger files are sent from the page cache by sendfile: measured, a copy from our memory costs more from here on.
inline constexpr std::size_t kCachedFileBytesMax = 32 * 1024;
inline constexpr std::size_t kCompressedFileBytesMax = 8 << 20;  ///< Larger files are not compressed.
inline constexpr std::size_t kCompressBytesMin = 1024;           ///< Smaller bodies are not compressed: nothing is won.
inline constexpr std::size_t kSendfileBytes = 1 << 20;           ///< One step of sending from the disk.
inline constexpr std::size_t kOpenFilesMax = 8 * 1024;           ///< Beside connections: assets, the city, tiles, databases.
inline constexpr std::size_t kTrackedAddressesMax = 16 * 1024;   ///< Addresses whose rate is remembered.

inline constexpr std::size_t kWebSocketMessageBytesMax = 16 * 1024;  ///< One message from a client, all its fragments.
inline constexpr std::size_t kWebSocketOutBytesMax = 64 * 1024;      ///< One message to a client.
inline constexpr std::size_t kWebSocketQueueBytesMax = 64 * 1024;    ///< Messages to a client that it must not miss.
inline constexpr std::size_t kWebSocketReadBytesMax = 32 * 1024;     ///< Taken from one socket in one sweep.
inline constexpr std::size_t kWebSocketJobsMax = 4096;               ///< Jobs that wait for the sockets' thread.

/// What a city can set; the defaults serve a mid-size city from one machine.
struct Limits {
  std::chrono::milliseconds header_time{10'000};       ///< From the first byte of a request to the end of its fields.
  std::chrono::milliseconds body_time{30'000};         ///< From there to the end of its body.
  std::chrono::milliseconds idle_time{60'000};         ///< Between requests.
  std::chrono::milliseconds write_stall_time{30'000};  ///< Without any progress in sending an answer.
  std::chrono::milliseconds linger_time{2'000};        ///< After the last answer.
  std::chrono::milliseconds stop_time{5'000};          ///< What runs when the program is told to stop may take this long.
  std::uint32_t connections_max = 4096;
  std::uint32_t connections_per_address_max = 512;
  std::uint32_t requests_per_second = 1000;                 ///< An address, sustained; 0: no limit.
  std::uint32_t requests_burst = 5000;                      ///< An address, at once.
  std::uint32_t web_sockets_max = 24'000;                   ///< Established WebSockets of this process.
  std::uint32_t web_socket_messages_per_second = 60;        ///< From one socket, sustained.
  std::uint32_t web_socket_messages_burst = 180;            ///< From one socket, at once: a client that was held up catches up.
  std::uint32_t web_socket_bytes_per_second = 32 * 1024;    ///< From one socket, sustained; the burst is 4 seconds' worth.
  std::chrono::milliseconds web_socket_quiet_time{25'000};  ///< Without a byte from a client, it is asked for a sign of life.
  std::chrono::milliseconds web_socket_lost_time{50'000};   ///< Without a byte from a client, it is taken for gone.
  std::uint32_t pending_max = 256;                          ///< Requests that wait for a worker.
  std::size_t cache_bytes_max = 16 << 20;                   ///< Of file contents in memory.
};

}  // namespace citiverse::net
