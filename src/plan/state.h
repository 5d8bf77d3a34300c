// What a plan says at one moment: for each property of each object, who wrote what last, and who before.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "plan/edit.h"
#include "plan/family.h"

namespace citiverse::plan {

/// Who wrote, and as which entry of the log.
struct Stamp {
  std::uint64_t sequence = 0;
  std::uint64_t author = 0;
  friend bool operator==(const Stamp&, const Stamp&) = default;
};

template <class T>
struct Write {
  Stamp by;
  T value;
};

/// All that holds of one object. Writes are in the order of the log; the last counts.
class ObjectEdits {
 public:
  explicit ObjectEdits(const Family& family) : family_(&family), properties_(family.properties.size()) {}

  const Family& family() const { return *family_; }
  /// The last write, or null.
  const Write<Value>* last(std::size_t property) const {
    return properties_[property].empty() ? nullptr : &properties_[property].back();
  }
  /// The last word on whether it is there: nothing when no edit says so.
  const Write<bool>* existence() const { return existence_.empty() ? nullptr : &existence_.back(); }
  bool empty() const;
  /// Who wrote last of all.
  Stamp last_writer() const;

  void put(const Edit& edit, Stamp by);
  void take(const Edit& edit, std::uint64_t sequence);

 private:
  const Family* family_;
  std::vector<std::vector<Write<Value>>> properties_;
  std::vector<Write<bool>> existence_;
};

/// Value type: a copy is another plan. Cost of put and take: that of the edits. Threads: one owner.
class PlanState {
 public:
  const std::map<ObjectId, ObjectEdits>& objects() const { return objects_; }
  const ObjectEdits* find(ObjectId id) const;
  /// Adds the entry's edits, at the place of their sequence among those of others.
  void put(const Entry& entry);
  /// As if the entry had never been.
  void take(const Entry& entry);
  /// Whether there is such an object: in the base unless removed, or added.
  bool exists(const city::City& base, ObjectId id) const;

 private:
  std::map<ObjectId, ObjectEdits> objects_;
};

/// The state after the first `sequence` entries of a log (all by default).
PlanState replayed(std::span<const Entry> log, std::uint64_t sequence = ~std::uint64_t{0});
/// For each entry of the log up to `sequence`, whether it counts: an entry does unless it was undone, and an undoing unless
/// that was undone.
std::vector<bool> counting(std::span<const Entry> log, std::uint64_t sequence = ~std::uint64_t{0});

}  // namespace citiverse::plan
