#include "harness/base/suggest.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/error.h"

namespace mra {

/// Returns the least number of letters to insert, remove, change or swap with a neighbour.
static size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before_last(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  std::iota(last.begin(), last.end(), 0);
  for (size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

std::string nearest(std::string_view wrong, const std::vector<std::string>& known) {
  constexpr size_t kLongestName = 256;  // no suggestion for longer names: it would take seconds
  if (wrong.size() > kLongestName) return "";
  const size_t limit = std::max<size_t>(2, wrong.size() / 3);
  std::string best;
  size_t best_distance = limit + 1;
  for (const std::string& name : known) {
    const size_t longer = std::max(wrong.size(), name.size());
    if (longer - std::min(wrong.size(), name.size()) >= best_distance) continue;  // too far
    const size_t distance = edit_distance(wrong, name);
    if (distance < best_distance) best = name, best_distance = distance;
  }
  return best;
}

std::string suggestion(std::string_view wrong, const std::vector<std::string>& known) {
  const std::string near = nearest(wrong, known);
  const std::string list = fmt::format("known: {}", fmt::join(known, ", "));
  return near.empty() ? list : fmt::format("did you mean '{}'? {}", near, list);
}

static std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return char(std::tolower(letter)); });
  return text;
}

std::optional<std::string> find_name(const std::string& typed,
                                     const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), typed) != known.end()) return typed;
  std::set<std::string> alike;
  for (const std::string& name : known)
    if (lower(name) == lower(typed)) alike.insert(name);
  if (alike.size() != 1) return std::nullopt;
  return *alike.begin();
}

std::string match_name(const std::string& typed, const std::vector<std::string>& known,
                       const std::string& what) {
  if (const auto found = find_name(typed, known)) return *found;
  // Finds the nearest name also when upper and lower case differ as well.
  std::string meant = typed;
  for (const std::string& name : known)
    if (!nearest(lower(typed), {lower(name)}).empty() && meant == typed) meant = name;
  fail(ErrorKind::kUsage, "", fmt::format("unknown {} '{}'", what, typed),
       suggestion(nearest(typed, known).empty() ? meant : typed, known));
}

}  // namespace mra
