// One allocator callback a hash: the library is told where the kept memory lies, and gives nothing back.
#include "identity/password_hash.h"

#include <argon2.h>
#include <sodium.h>
#include <sys/mman.h>

#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/check.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t kSaltBytes = 16;    // RFC 9106, 3.1.
constexpr std::size_t kDigestBytes = 32;  // As libsodium's, which wrote the first of these hashes.
constexpr std::size_t kBlockBytes = 1024;
constexpr int kBase64 = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;

struct Stored {
  HashCost cost;
  std::array<unsigned char, 64> salt{};
  std::size_t salt_bytes = 0;
  std::array<unsigned char, 64> digest{};
  std::size_t digest_bytes = 0;
};

bool take(std::string_view& rest, std::string_view expected) {
  if (!rest.starts_with(expected)) return false;
  rest.remove_prefix(expected.size());
  return true;
}

template <class T>
bool take_number(std::string_view& rest, T& number) {
  const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (failed != std::errc{}) return false;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return true;
}

bool take_base64(std::string_view& rest, std::array<unsigned char, 64>& bytes, std::size_t& count) {
  const std::string_view text = rest.substr(0, rest.find('$'));
  rest.remove_prefix(text.size());
  return sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &count, nullptr, kBase64) == 0;
}

std::optional<Stored> read(std::string_view text) {
  Stored stored;
  std::size_t kibibytes = 0;
  const bool whole = take(text, "$argon2id$v=19$m=") && take_number(text, kibibytes) && take(text, ",t=") &&
                     take_number(text, stored.cost.passes) && take(text, ",p=1$") &&
                     take_base64(text, stored.salt, stored.salt_bytes) && take(text, "$") &&
                     take_base64(text, stored.digest, stored.digest_bytes) && text.empty();
  if (!whole || kibibytes > kStoredHashBytesMax / kBlockBytes) return std::nullopt;
  stored.cost.bytes = kibibytes * kBlockBytes;
  if (stored.cost.passes == 0 || stored.cost.passes > kStoredHashPassesMax) return std::nullopt;
  return stored;
}

std::string base64(std::span<const unsigned char> bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), kBase64), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kBase64);
  text.pop_back();  // Its terminating zero.
  return text;
}

std::unexpected<base::Error> no_memory() {
  return base::fail(ErrorCode::unavailable, "there is no memory to sign in with a password now; try again later");
}

}  // namespace

// One mapping that grows to what was asked for and stays.
struct PasswordHash::Memory {
  std::uint8_t* at = nullptr;
  std::size_t bytes = 0;

  Memory() = default;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory() { unmap(); }

  void unmap() {
    if (at != nullptr) ::munmap(at, bytes);
    at = nullptr;
    bytes = 0;
  }
  bool reserve(std::size_t wanted) {
    if (wanted <= bytes) return true;
    unmap();
    void* mapped = ::mmap(nullptr, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return false;
    at = static_cast<std::uint8_t*>(mapped);
    bytes = wanted;
    return true;
  }
};

// Holds one of the memories as long as it lives.
class PasswordHash::Turn {
 public:
  explicit Turn(PasswordHash& hash) : hash_(hash) {
    std::unique_lock lock(hash_.mutex_);
    if (!hash_.freed_.wait_for(lock, kHashWaitMax, [&] { return !hash_.free_.empty(); })) return;
    memory_ = std::move(hash_.free_.back());
    hash_.free_.pop_back();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (memory_ == nullptr) return;
    {
      const std::lock_guard lock(hash_.mutex_);
      hash_.free_.push_back(std::move(memory_));
    }
    hash_.freed_.notify_one();
  }
  bool has_come() const { return memory_ != nullptr; }

  bool digest(std::string_view password, std::span<const unsigned char> salt, HashCost cost, std::span<unsigned char> out) {
    if (!memory_->reserve(cost.bytes)) return false;
    // The library asks for its memory without saying for whom: for this thread's hash.
    thread_local Memory* present = nullptr;
    present = memory_.get();
    argon2_context context{};
    context.out = out.data();
    context.outlen = static_cast<std::uint32_t>(out.size());
    // Read only: ARGON2_FLAG_CLEAR_PASSWORD is not set.
    context.pwd = reinterpret_cast<std::uint8_t*>(const_cast<char*>(password.data()));
    context.pwdlen = static_cast<std::uint32_t>(password.size());
    context.salt = const_cast<std::uint8_t*>(salt.data());
    context.saltlen = static_cast<std::uint32_t>(salt.size());
    context.t_cost = cost.passes;
    context.m_cost = static_cast<std::uint32_t>(cost.bytes / kBlockBytes);
    context.lanes = 1;
    context.threads = 1;
    context.version = ARGON2_VERSION_13;
    context.allocate_cbk = [](std::uint8_t** memory, std::size_t bytes) {
      if (bytes > present->bytes) return static_cast<int>(ARGON2_MEMORY_ALLOCATION_ERROR);
      *memory = present->at;
      return static_cast<int>(ARGON2_OK);
    };
    context.free_cbk = [](std::uint8_t*, std::size_t) {};
    context.flags = ARGON2_DEFAULT_FLAGS;
    return argon2id_ctx(&context) == ARGON2_OK;
  }

 private:
  PasswordHash& hash_;
  std::unique_ptr<Memory> memory_;
};

PasswordHash::PasswordHash(const Surroundings& surroundings, HashCost cost) : surroundings_(surroundings), cost_(cost) {
  CITIVERSE_CHECK(sodium_init() >= 0, "libsodium works");
  for (std::size_t i = 0; i < kHashesAtOnceMax; ++i) free_.push_back(std::make_unique<Memory>());
}

PasswordHash::~PasswordHash() = default;

Result<std::string> PasswordHash::make(std::string_view password) {
  Turn turn(*this);
  if (!turn.has_come())
    return base::fail(ErrorCode::unavailable, "too many people sign in at this moment; try again in a few seconds");
  std::array<unsigned char, kSaltBytes> salt{};
  surroundings_.fill_random(std::as_writable_bytes(std::span(salt)));
  std::array<unsigned char, kDigestBytes> digest{};
  if (!turn.digest(password, salt, cost_, digest)) return no_memory();
  return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", cost_.bytes / kBlockBytes, cost_.passes, base64(salt),
                     base64(digest));
}

Result<bool> PasswordHash::matches(std::string_view stored, std::string_view password) {
  const auto known = read(stored);
  if (!known) return false;
  Turn turn(*this);
  if (!turn.has_come())
    return base::fail(ErrorCode::unavailable, "too many people sign in at this moment; try again in a few seconds");
  std::array<unsigned char, 64> digest{};
  const auto out = std::span(digest).first(known->digest_bytes);
  // What the library refuses (a salt or a digest that is too short) matches nothing.
  if (!turn.digest(password, std::span(known->salt).first(known->salt_bytes), known->cost, out)) return false;
  return sodium_memcmp(out.data(), known->digest.data(), out.size()) == 0;
}

bool PasswordHash::is_outdated(std::string_view stored) const {
  const auto known = read(stored);
  return !known || known->cost != cost_;
}

}  // namespace citiverse::identity
