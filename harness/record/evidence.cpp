#include "harness/record/evidence.h"

#include <algorithm>
#include <functional>
#include <tuple>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/record/run_record.h"
#include "harness/spec/shallow_json.h"
#include "harness/spec/spec_reader.h"

namespace mra {

static constexpr int64_t kEvidenceFormat = 1;
static constexpr char kEvidenceCure[] =
    "remove the file: figures stay as they are, and harness run --fresh makes the run again";

static size_t bytes_for(int64_t pictures) {
  return size_t(pictures + 7) / 8;
}

std::string to_bytes(const Evidence& evidence) {
  Json metrics = Json::array();
  for (const auto& [metric, right] : evidence.right) metrics.push_back(metric);
  const Json head = {{"format", kEvidenceFormat},
                     {"dataset", evidence.dataset},
                     {"manifest_sha256", evidence.manifest_sha256},
                     {"split", evidence.split},
                     {"pictures", evidence.pictures},
                     {"metrics", metrics}};
  std::string bytes = head.dump() + "\n";
  for (const auto& [metric, right] : evidence.right) {
    std::string packed(bytes_for(evidence.pictures), '\0');
    for (size_t i = 0; i < right.size(); ++i)
      if (right[i]) packed[i / 8] = char(packed[i / 8] | (1 << (i % 8)));
    bytes += packed;
  }
  return bytes;
}

static std::vector<bool> unpacked(std::string_view packed, int64_t pictures) {
  std::vector<bool> right(static_cast<size_t>(pictures));
  for (size_t i = 0; i < right.size(); ++i) right[i] = (uint8_t(packed[i / 8]) >> (i % 8)) & 1;
  return right;
}

static Evidence read_evidence_fields(SpecReader head, std::string_view packed) {
  constexpr int64_t kMostPictures = int64_t{1} << 32;
  Evidence evidence;
  head.in_range<int64_t>("format", kEvidenceFormat, kEvidenceFormat);
  evidence.dataset = head.required<std::string>("dataset");
  evidence.manifest_sha256 = head.required<std::string>("manifest_sha256");
  evidence.split = head.required<std::string>("split");
  evidence.pictures = head.in_range<int64_t>("pictures", 1, kMostPictures);
  auto metrics = head.required<std::vector<std::string>>("metrics");
  head.reject_unread_keys();
  const size_t each = bytes_for(evidence.pictures);
  check(
      std::adjacent_find(metrics.begin(), metrics.end(), std::greater_equal<>()) == metrics.end() &&
          packed.size() % each == 0 && packed.size() / each == metrics.size(),
      ErrorKind::kIntegrity, head.where("metrics"),
      fmt::format("{} bytes follow, which are not one bit for each of {} pictures and {} metrics",
                  packed.size(), evidence.pictures, metrics.size()),
      kEvidenceCure);
  for (size_t i = 0; i < metrics.size(); ++i)
    evidence.right[metrics[i]] = unpacked(packed.substr(i * each, each), evidence.pictures);
  return evidence;
}

Evidence evidence_from_bytes(std::string_view bytes, const std::string& file) {
  const size_t end = bytes.find('\n');
  const Json head = end == bytes.npos ? Json() : parse_shallow(std::string(bytes.substr(0, end)));
  check(head.is_object(), ErrorKind::kIntegrity, file, "does not begin with a line of JSON",
        kEvidenceCure);
  try {
    return read_evidence_fields(SpecReader(head, file), bytes.substr(end + 1));
  } catch (const Error& error) {
    fail(ErrorKind::kIntegrity, error.where, error.what_happened, kEvidenceCure);
  }
}

void check_evidence(const Evidence& evidence, const RunRecord& record, const std::string& file) {
  for (const auto& [metric, right] : evidence.right) {
    const auto count = std::count(right.begin(), right.end(), true);
    const double percent = 100.0 * double(count) / double(evidence.pictures);
    const auto recorded = record.metrics.find(metric);
    check(recorded != record.metrics.end() && recorded->second == percent, ErrorKind::kIntegrity,
          file,
          fmt::format("{} of {} pictures are right, which is not the {} of the record", count,
                      evidence.pictures, metric),
          kEvidenceCure);
  }
}

static std::string pictures_text(const Evidence& evidence) {
  return fmt::format("{} ({}, {} pictures, manifest {})", evidence.dataset, evidence.split,
                     evidence.pictures, evidence.manifest_sha256.substr(0, 8));
}

std::string other_pictures(const Evidence& left, const Evidence& right) {
  const auto identity = [](const Evidence& one) {
    return std::tie(one.dataset, one.manifest_sha256, one.split, one.pictures);
  };
  if (identity(left) == identity(right)) return "";
  return fmt::format("of {}, and not of {}", pictures_text(left), pictures_text(right));
}

}  // namespace mra
