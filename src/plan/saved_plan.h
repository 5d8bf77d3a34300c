// A plan as one file: numbered forms, of which every older one is brought up to the newest when it is read.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "plan/plan.h"

namespace citiverse::plan {

/// Raised whenever the form changes; saved_forms.cpp then leads from the form before to it.
inline constexpr std::int64_t kSavedForm = 2;
inline constexpr std::string_view kSavedFormat = "citiverse-plan";

/// What a file says beside the edits.
struct SavedHeader {
  std::string name;
  std::string about;
  std::string city;          ///< The name of the city.
  std::string base_version;  ///< Of the city that it was made on.
};

/// The log with all its undoings, and the named versions. Authors are numbered in the order in which they appear, not named: a
/// file that is passed on tells nobody's account.
std::string saved_plan(const Plan& plan, const SavedHeader& header);

struct LoadedPlan {
  SavedHeader header;
  Plan plan;
};
/// Every entry is checked as if it came now; all get `reader` as their author, since nobody else can be held to it.
/// Fails: bad_input naming the entry, the edit, the property and the figures; limit beyond kSavedBytesMax or kEditsMax.
base::Result<LoadedPlan> load_plan(std::string_view text, const city::City& base, std::uint64_t seed, const Request& reader);

/// An older form's text in the newest form. Fails: bad_input.
base::Result<std::string> in_newest_form(std::string_view text);

}  // namespace citiverse::plan
