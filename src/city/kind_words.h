// What people call things: the words for kinds of places in the languages of the client, so that "pharmacy" finds one.
#pragma once

#include <span>
#include <string_view>

#include "city/city.h"

namespace citiverse::city {

/// The words, separated by '|', under which a feature can be found by its kind: its own subtype and synonyms in English,
/// French, Spanish and Arabic. Empty for kinds that nobody searches by kind (trees, barriers, plain buildings).
std::string_view kind_words(const City& city, const Feature& feature);

}  // namespace citiverse::city
