#include "harness/record/grade.h"

#include <algorithm>

namespace mra {

const char* name(Grade grade) {
  switch (grade) {
    case Grade::kUnverified:
      return "unverified";
    case Grade::kReplayed:
      return "replayed";
    case Grade::kDiffers:
      return "differs";
  }
  return "unverified";
}

Grade grade_of_replays(const std::vector<bool>& identical) {
  if (identical.empty()) return Grade::kUnverified;
  const bool all = std::all_of(identical.begin(), identical.end(), [](bool same) { return same; });
  return all ? Grade::kReplayed : Grade::kDiffers;
}

Grade grade_of(const RunRecord& record) {
  std::vector<bool> identical;
  for (const Judgement& judgement : record.judgements) {
    const auto found = judgement.metrics.find("replay/identical");
    if (judgement.evaluator == kReplay && found != judgement.metrics.end())
      identical.push_back(found->second != 0);
  }
  return grade_of_replays(identical);
}

Grade worst(const std::vector<Grade>& grades) {
  for (const Grade grade : {Grade::kDiffers, Grade::kUnverified})
    if (std::count(grades.begin(), grades.end(), grade) > 0) return grade;
  return grades.empty() ? Grade::kUnverified : Grade::kReplayed;
}

}  // namespace mra
