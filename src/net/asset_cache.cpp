// The clock algorithm over a hash table: a mark on use, a sweep when room is needed.
#include "net/asset_cache.h"

#include <mutex>

namespace citiverse::net {

std::shared_ptr<const Asset> AssetCache::find(std::string_view address, Encoding encoding) const {
  const std::shared_lock lock(mutex_);
  const auto found = entries_.find(KeyView{address, encoding});
  if (found == entries_.end()) {
    misses_.fetch_add(1, std::memory_order_relaxed);
    return nullptr;
  }
  hits_.fetch_add(1, std::memory_order_relaxed);
  // Written only when it changes: the line stays shared between cores.
  if (!found->second.used.load(std::memory_order_relaxed)) found->second.used.store(true, std::memory_order_relaxed);
  return found->second.asset;
}

std::shared_ptr<const Asset> AssetCache::keep(std::string_view address, Encoding encoding, Asset asset) {
  const std::size_t bytes = asset.body.size() + kAssetOverheadBytes;
  auto shared = std::make_shared<const Asset>(std::move(asset));
  if (bytes > bytes_max_ / 2) return shared;  // One file must not push out all others.
  const std::unique_lock lock(mutex_);
  if (const auto old = entries_.find(KeyView{address, encoding}); old != entries_.end()) {
    bytes_ -= old->second.bytes;
    entries_.erase(old);
  }
  make_room(bytes);
  Entry& entry = entries_[Key{std::string(address), encoding}];
  entry.asset = shared;
  entry.bytes = bytes;
  entry.used.store(true, std::memory_order_relaxed);
  bytes_ += bytes;
  return shared;
}

void AssetCache::make_room(std::size_t bytes) {
  // Two rounds: the first clears the marks of use, the second finds them cleared.
  for (int round = 0; round < 2; ++round) {
    for (auto at = entries_.begin(); at != entries_.end();) {
      if (bytes_ + bytes <= bytes_max_ && entries_.size() < kAssetsMax) return;
      if (at->second.used.exchange(false, std::memory_order_relaxed)) {
        ++at;
        continue;
      }
      bytes_ -= at->second.bytes;
      at = entries_.erase(at);
    }
  }
}

AssetCache::Counts AssetCache::counts() const {
  const std::shared_lock lock(mutex_);
  return {hits_.load(std::memory_order_relaxed), misses_.load(std::memory_order_relaxed), bytes_, entries_.size()};
}

}  // namespace citiverse::net
