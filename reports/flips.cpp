#include "reports/flips.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/paired_pictures.h"

namespace mra {

constexpr int64_t kNamedPictures = 5;  ///< of each kind

static Json flips_of(const std::string& metric, const std::vector<bool>& left,
                     const std::vector<bool>& right,
                     const std::function<std::string(int64_t)>& name_of) {
  int64_t counts[2][2] = {};  // [right before][right after]
  Json flipped = Json::array();
  for (size_t i = 0; i < left.size(); ++i) {
    const int64_t before = counts[left[i]][right[i]]++;
    if (left[i] != right[i] && before < kNamedPictures)
      flipped.push_back(
          {{"picture", i}, {"name", name_of(int64_t(i))}, {"to", right[i] ? "right" : "wrong"}});
  }
  return {{"metric", metric},
          {"pictures", left.size()},
          {"both_right", counts[1][1]},
          {"both_wrong", counts[0][0]},
          {"right_to_wrong", counts[1][0]},
          {"wrong_to_right", counts[0][1]},
          {"mcnemar_p", mcnemar_p(counts[1][0], counts[0][1])},
          {"flipped", flipped}};
}

Json flips(const Evidence& left, const Evidence& right,
           const std::function<std::string(int64_t)>& name_of) {
  Json all = Json::array();
  for (const auto& [metric, pictures] : left.right)
    if (const auto other = right.right.find(metric); other != right.right.end())
      all.push_back(flips_of(metric, pictures, other->second, name_of));
  return all;
}

static std::string names_text(const Json& one, const char* to) {
  std::vector<std::string> names;
  for (const Json& picture : one["flipped"])
    if (picture["to"] == to) names.push_back(picture["name"].get<std::string>());
  const int64_t all = one[to == std::string("right") ? "wrong_to_right" : "right_to_wrong"];
  if (all > int64_t(names.size())) names.push_back("…");
  return fmt::format("{}{}{}", all, names.empty() ? "" : ": ", fmt::join(names, ", "));
}

std::string flips_text(const Json& flips) {
  std::string text;
  for (const Json& one : flips)
    text += fmt::format(
        "\n{} over the same {} pictures: {} right in both, {} wrong in both\n"
        "  right → wrong  {}\n  wrong → right  {}\n"
        "  McNemar's exact test of these two trained models: p = {:.3g}\n",
        one["metric"].get<std::string>(), one["pictures"].get<int64_t>(),
        one["both_right"].get<int64_t>(), one["both_wrong"].get<int64_t>(),
        names_text(one, "wrong"), names_text(one, "right"), one["mcnemar_p"].get<double>());
  return text;
}

}  // namespace mra
