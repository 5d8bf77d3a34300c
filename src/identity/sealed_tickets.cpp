// Nonce, then the sealed time and content; the purpose is sealed along as additional data.
#include "identity/sealed_tickets.h"

#include <cstring>

#include <sodium.h>

#include "identity/base64url.h"

namespace citiverse::identity {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kTimeBytes = sizeof(std::int64_t);

unsigned char* writable_bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

constexpr std::string_view kRefused = "ticket: it has run out, was used before, or is not one of this node; begin again";
std::unexpected<base::Error> not_valid() { return fail(ErrorCode::denied, std::string(kRefused)); }

}  // namespace

bool is_ticket_refused(const base::Error& error) { return error.code == ErrorCode::denied && error.message == kRefused; }

struct SealedTickets::Opened {
  std::string nonce;
  Time end;
  std::string content;
};

SealedTickets::SealedTickets(const Surroundings& surroundings)
    : surroundings_(surroundings), key_(crypto_aead_xchacha20poly1305_ietf_KEYBYTES, '\0') {
  surroundings.fill_random(std::as_writable_bytes(std::span(key_)));
}

std::string SealedTickets::seal(std::string_view purpose, std::string_view content, std::chrono::seconds lifetime) const {
  const std::int64_t end = (surroundings_.now() + lifetime).time_since_epoch().count();
  std::string plain(kTimeBytes, '\0');
  std::memcpy(plain.data(), &end, kTimeBytes);
  plain += content;
  std::string ticket(kNonceBytes + plain.size() + kTagBytes, '\0');
  surroundings_.fill_random(std::as_writable_bytes(std::span(ticket.data(), kNonceBytes)));
  crypto_aead_xchacha20poly1305_ietf_encrypt(writable_bytes_of(ticket) + kNonceBytes, nullptr, bytes_of(plain), plain.size(),
                                             bytes_of(purpose), purpose.size(), nullptr, bytes_of(ticket), bytes_of(key_));
  return base64url_of(ticket);
}

Result<SealedTickets::Opened> SealedTickets::unseal(std::string_view purpose, std::string_view ticket) const {
  if (ticket.size() > kTicketBytesMax) return not_valid();
  const auto sealed = base64url_bytes(ticket);
  if (!sealed || sealed->size() < kNonceBytes + kTimeBytes + kTagBytes) return not_valid();
  std::string plain(sealed->size() - kNonceBytes - kTagBytes, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(writable_bytes_of(plain), nullptr, nullptr, bytes_of(*sealed) + kNonceBytes,
                                                 sealed->size() - kNonceBytes, bytes_of(purpose), purpose.size(),
                                                 bytes_of(*sealed), bytes_of(key_)) != 0)
    return not_valid();
  std::int64_t end = 0;
  std::memcpy(&end, plain.data(), kTimeBytes);
  Opened opened{sealed->substr(0, kNonceBytes), Time(std::chrono::seconds(end)), plain.substr(kTimeBytes)};
  if (surroundings_.now() >= opened.end) return not_valid();
  return opened;
}

Result<std::string> SealedTickets::open(std::string_view purpose, std::string_view ticket) const {
  auto opened = unseal(purpose, ticket);
  if (!opened) return std::unexpected(opened.error());
  const std::scoped_lock hold(mutex_);
  if (spent_.contains(opened->nonce)) return not_valid();
  return std::move(opened->content);
}

Result<void> SealedTickets::spend(std::string_view purpose, std::string_view ticket) {
  auto opened = unseal(purpose, ticket);
  if (!opened) return std::unexpected(opened.error());
  const std::scoped_lock hold(mutex_);
  const Time now = surroundings_.now();
  if (spent_.size() >= kSpentTicketsMax) std::erase_if(spent_, [&](const auto& entry) { return entry.second <= now; });
  if (spent_.contains(opened->nonce)) return not_valid();
  if (spent_.size() >= kSpentTicketsMax)
    return fail(ErrorCode::limit, "too many people sign in at once; try again in a minute");
  spent_.emplace(std::move(opened->nonce), opened->end);
  return {};
}

}  // namespace citiverse::identity
