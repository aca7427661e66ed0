#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "reports/claim_words.h"
#include "reports/html.h"
#include "reports/renderers.h"

namespace mra {

static constexpr int kLetter_px = 7, kPad_px = 8, kHeight_px = 20;

/// A label and what it says, in two boxes as wide as their letters.
static std::string badge(const std::string& label, const std::string& says, const char* color) {
  const int left = int(label.size()) * kLetter_px + 2 * kPad_px;
  const int right = int(says.size()) * kLetter_px + 2 * kPad_px;
  const std::string text = html_escaped(label + ": " + says);
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "aria-label=\"{2}\">\n<title>{2}</title>\n<rect width=\"{3}\" height=\"{1}\" "
      "fill=\"#444\"/>\n"
      "<rect x=\"{3}\" width=\"{4}\" height=\"{1}\" fill=\"{5}\"/>\n<g fill=\"#fff\" "
      "font-family=\"Verdana, DejaVu Sans, sans-serif\" font-size=\"11\">\n"
      "<text x=\"{6}\" y=\"14\" textLength=\"{7}\">{8}</text>\n"
      "<text x=\"{9}\" y=\"14\" textLength=\"{10}\">{11}</text>\n</g>\n</svg>\n",
      left + right, kHeight_px, text, left, right, color, kPad_px, left - 2 * kPad_px,
      html_escaped(label), left + kPad_px, right - 2 * kPad_px, html_escaped(says));
}

/// Counts the claims, or the controls where there is nothing else. `scale`: with what differs from
/// the declared experiment.
static std::string verdicts_badge(const std::vector<JudgedClaim>& claims,
                                  const std::string& scale) {
  const auto is_control = [](const JudgedClaim& judged) { return judged.claim.control; };
  const bool controls = !claims.empty() && std::all_of(claims.begin(), claims.end(), is_control);
  std::array<size_t, 4> counts{};
  size_t all = 0;
  for (const JudgedClaim& judged : claims)
    if (is_control(judged) == controls) ++counts[size_t(judged.verdict)], ++all;
  std::string says;
  for (size_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 0)
      says += fmt::format("{}{} {}", says.empty() ? "" : ", ", counts[i], name(Verdict(i)));
  const bool some_fail = counts[size_t(Verdict::kContradicted)] > 0;
  const bool some_hold = counts[size_t(Verdict::kSupported)] > 0;
  return badge(
      fmt::format("{} {}{} at {}", all, controls ? "control" : "claim", all == 1 ? "" : "s", scale),
      says.empty() ? "nothing to judge" : says,
      some_fail   ? "#b3401b"
      : some_hold ? "#1f7a4d"
                  : "#59636e");
}

std::string claims_badge(const std::vector<JudgedClaim>& claims, const std::string& scale) {
  return verdicts_badge(claims, scale + " scale");
}

std::string render_badge(const std::vector<ReportTable>& tables) {
  if (tables.empty()) return claims_badge({}, "no");
  std::string scale = tables.front().scale + " scale";
  for (const std::string& deviation : tables.front().deviations) scale += " --set " + deviation;
  return verdicts_badge(claims_of(tables), scale);
}

}  // namespace mra
