// The files that are asked for again and again, in memory, bounded.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "net/asset.h"

namespace citiverse::net {

/// Assets by address and encoding. What has not been asked for since the last round goes first when room is needed (the clock
/// algorithm). Threads: safe; finding takes a shared lock and allocates nothing.
class AssetCache {
 public:
  static constexpr std::size_t kAssetsMax = 4096;           ///< Also bounds the files that stay open.
  static constexpr std::size_t kAssetOverheadBytes = 2048;  ///< Counted for each, beside its body.

  explicit AssetCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  std::shared_ptr<const Asset> find(std::string_view address, Encoding encoding) const;
  /// Keeps the asset if it fits; returns it shared in any case.
  std::shared_ptr<const Asset> keep(std::string_view address, Encoding encoding, Asset asset);

  struct Counts {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t bytes = 0;
    std::uint64_t assets = 0;
  };
  Counts counts() const;

 private:
  struct Key {
    std::string address;
    Encoding encoding;
  };
  struct KeyView {
    std::string_view address;
    Encoding encoding;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const KeyView& k) const {
      return std::hash<std::string_view>()(k.address) * 3 + static_cast<std::size_t>(k.encoding);
    }
    std::size_t operator()(const Key& k) const { return (*this)(KeyView{k.address, k.encoding}); }
  };
  struct Equal {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return a.encoding == b.encoding && std::string_view(a.address) == std::string_view(b.address);
    }
  };
  struct Entry {
    std::shared_ptr<const Asset> asset;
    std::size_t bytes = 0;
    mutable std::atomic<bool> used{false};
  };

  void make_room(std::size_t bytes);

  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  mutable std::atomic<std::uint64_t> hits_{0};
  mutable std::atomic<std::uint64_t> misses_{0};
  mutable std::shared_mutex mutex_;
  std::unordered_map<Key, Entry, Hash, Equal> entries_;
};

}  // namespace citiverse::net
