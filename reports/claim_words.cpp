#include "reports/claim_words.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mra {

/// The comparison that a claim stands or falls with: the one least in its favour.
static const JudgedComparison* weakest(const JudgedClaim& judged) {
  const JudgedComparison* found = nullptr;
  const double sign = judged.claim.kind == ClaimKind::kRatio && judged.claim.by < 1 ? -1 : 1;
  const auto favour = [sign](const JudgedComparison& one) {
    return sign * one.effect->value / std::max(one.effect->standard_error, 1e-12);
  };
  for (const JudgedComparison& one : judged.comparisons)
    if (one.effect && (!found || favour(one) < favour(*found))) found = &one;
  return found;
}

static std::string effect_text(const JudgedClaim& judged, const JudgedComparison& one) {
  if (!one.effect) return "–";
  const bool ratio = judged.claim.kind == ClaimKind::kRatio;
  // A ratio keeps its first digits whatever its size.
  const auto number = [&](double value) {
    return ratio ? fmt::format("{:.3g}", value) : fmt::format("{:.{}f}", value, judged.decimals);
  };
  std::string text = number(judged.shown_effect(one));
  if (!ratio && one.effect->value >= 0) text.insert(0, 1, '+');
  if (const auto range = judged.shown_interval(one))
    text += fmt::format(" [{}, {}]", number(range->low), number(range->high));
  return text + (ratio ? "×" : judged.unit.empty() ? "" : " " + judged.unit);
}

/// "3+3", or "3, paired over 100 pictures"; `unit` follows the numbers of seeds.
static std::string seeds_text(const JudgedComparison& one, const std::string& unit) {
  if (one.paired)
    return fmt::format("{}{}, paired over {} pictures", one.paired->seeds, unit,
                       one.paired->pictures);
  return one.second.empty() ? fmt::format("{}{}", one.first_seeds, unit)
                            : fmt::format("{}+{}{}", one.first_seeds, one.second_seeds, unit);
}

static std::string next_text(const JudgedClaim& judged) {
  if (judged.verdict == Verdict::kNotComparable) return judged.reason;
  if (judged.verdict != Verdict::kUndecided) return "";
  if (judged.reason.empty() && judged.more_seeds == 0)
    return "more seeds would not decide it: the rows are too similar";
  size_t now = 0;
  for (const JudgedComparison& one : judged.comparisons)
    now = std::max({now, one.first_seeds, one.second_seeds});
  const std::string seeds = judged.more_seeds > 0
                                ? fmt::format(" --seeds 0-{}", int64_t(now) + judged.more_seeds - 1)
                                : "";
  return fmt::format("{}: harness run {} --scale {}{}",
                     judged.reason.empty()
                         ? fmt::format("about {} more seed{} of each row", judged.more_seeds,
                                       judged.more_seeds == 1 ? "" : "s")
                         : judged.reason,
                     judged.claim.table, judged.scale, seeds);
}

LaidClaim lay_out(const JudgedClaim& judged) {
  LaidClaim laid{
      judged.claim.id,  judged.claim.sentence, judged.claim.place, name(judged.verdict), "–", "–",
      next_text(judged)};
  const JudgedComparison* one = weakest(judged);
  if (one && judged.verdict != Verdict::kNotComparable) {
    laid.effect = effect_text(judged, *one);
    if (judged.comparisons.size() > 1)
      laid.effect += fmt::format(", least of {}", judged.comparisons.size());
    if (one->first_seeds > 0) laid.seeds = seeds_text(*one, "");
  }
  return laid;
}

std::string comparison_text(const JudgedClaim& judged, const JudgedComparison& one) {
  const bool ratio = judged.claim.kind == ClaimKind::kRatio;
  std::string text = one.first;
  if (!one.second.empty()) text += fmt::format(" {} {}", ratio ? "to" : "over", one.second);
  if (!one.column.empty()) text += fmt::format(", {}", one.column);
  if (one.effect) text += ": " + effect_text(judged, one);
  text += fmt::format(", {}", one.reason.empty() ? name(one.verdict) : one.reason);
  if (one.first_seeds + one.second_seeds > 0)
    text += fmt::format(" ({})", seeds_text(one, " seeds"));
  return text;
}

std::string standard_text(const JudgedClaim& judged) {
  const Claim& claim = judged.claim;
  if (judged.as_order && claim.kind != ClaimKind::kOrder)
    return fmt::format("an order only, as the scale is {}", judged.scale);
  const std::string unit = judged.unit.empty() ? "" : " " + judged.unit;
  const std::string margin =
      claim.margin ? fmt::format("± {} ({})", claim.margin->value, claim.margin->source) : "";
  switch (claim.kind) {
    case ClaimKind::kOrder:
      return claim.by > 0 && !judged.as_order ? fmt::format("an order, by {}{}", claim.by, unit)
                                              : "an order";
    case ClaimKind::kGap:
      return fmt::format("a gap of {}{} {}", claim.by, unit, margin);
    case ClaimKind::kEqual:
      return fmt::format("no difference {}", margin);
    case ClaimKind::kRatio:
      return fmt::format("a ratio of {} {}", claim.by, margin);
    case ClaimKind::kLevel:
      return fmt::format("{}{} {}", claim.by, unit, margin);
    case ClaimKind::kHalves:
      return fmt::format("no difference between halves of the seeds {}", margin);
  }
  return "";
}

std::string details_text(const JudgedClaim& judged) {
  const LaidClaim laid = lay_out(judged);
  std::string text =
      fmt::format("{}: {} at {} scale\n  \"{}\"\n  {}, judged as {}\n", laid.id, laid.verdict,
                  judged.scale, laid.sentence, laid.place, standard_text(judged));
  for (const JudgedComparison& one : judged.comparisons) {
    text += fmt::format("  - {}\n", comparison_text(judged, one));
    if (!one.runs.empty()) text += fmt::format("    runs {}\n", fmt::join(one.runs, " "));
  }
  if (!laid.next.empty()) text += fmt::format("  to decide: {}\n", laid.next);
  return text;
}

std::string summary_text(const std::vector<JudgedClaim>& claims, const std::string& scale) {
  std::array<size_t, 4> counts{}, controls{};
  for (const JudgedClaim& judged : claims)
    ++(judged.claim.control ? controls : counts)[size_t(judged.verdict)];
  const auto listed = [&](const std::array<size_t, 4>& found, const char* what) {
    const size_t all = found[0] + found[1] + found[2] + found[3];
    std::string text =
        fmt::format("Of {} {}{} at {} scale: ", all, what, all == 1 ? "" : "s", scale);
    for (size_t i = 0; i < found.size(); ++i)
      text += fmt::format("{}{} {}", i == 0 ? "" : ", ", found[i], name(Verdict(i)));
    return text + ".";
  };
  if (controls == std::array<size_t, 4>{}) return listed(counts, "claim");
  const std::string text = listed(controls, "control");
  return counts == std::array<size_t, 4>{} ? text : listed(counts, "claim") + " " + text;
}

std::vector<JudgedClaim> claims_of(const std::vector<ReportTable>& tables) {
  std::vector<JudgedClaim> claims;
  for (const ReportTable& table : tables)
    claims.insert(claims.end(), table.claims.begin(), table.claims.end());
  return claims;
}

}  // namespace mra
