#include "reports/question.h"

#include <algorithm>

namespace mra {

double Question::p_supported(const Difference& effect) const {
  if (is_range) return p_inside(effect, range);
  return below ? p_below(effect, range.low) : p_above(effect, range.low);
}

double Question::p_contradicted(const Difference& effect) const {
  if (is_range) return p_outside(effect, range);
  return below ? p_above(effect, range.low) : p_below(effect, range.low);
}

const char* name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kSupported:
      return "supported";
    case Verdict::kContradicted:
      return "contradicted";
    case Verdict::kUndecided:
      return "undecided";
    case Verdict::kNotComparable:
      return "not comparable";
  }
  return "";
}

Verdict decide(const Question& question, const std::vector<std::optional<Difference>>& effects) {
  std::vector<double> against;
  bool all_hold = !effects.empty();
  for (const auto& effect : effects) {
    all_hold = all_hold && effect && question.p_supported(*effect) < kAlpha;
    if (effect)
      against.push_back(
          question.p_contradicted(effects.size() > 1 ? in_the_tail(*effect) : *effect));
  }
  if (all_hold) return Verdict::kSupported;
  for (const double p : holm(against))
    if (p < kAlpha) return Verdict::kContradicted;
  return Verdict::kUndecided;
}

int64_t seeds_until(int64_t now, const std::function<bool(int64_t)>& decided) {
  for (int64_t seeds = std::max<int64_t>(now + 1, 2); seeds <= 200; ++seeds)
    if (decided(seeds)) return seeds - now;
  return 0;
}

}  // namespace mra
