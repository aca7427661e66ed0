#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mra {

struct RunRecord;

/// Which pictures of a split a trained model got right. Two runs of the same pictures can then be
/// compared picture by picture. The file evidence.bits of a run directory holds it: one line of
/// JSON that names what follows, then for each metric one bit a picture, the first one lowest.
struct Evidence {
  std::string dataset;          ///< its name
  std::string manifest_sha256;  ///< of the contents of the data set
  std::string split;            ///< "val"
  int64_t pictures = 0;
  /// By metric whose percentage it is: "top1" of the recorded weights, "top1/best" of the best
  /// evaluation. One value for each picture, in the order of the split.
  std::map<std::string, std::vector<bool>> right;
};

/// The content of evidence.bits.
std::string to_bytes(const Evidence& evidence);
/// Checks every field. Throws an Error of kind kIntegrity that names `file`.
Evidence evidence_from_bytes(std::string_view bytes, const std::string& file);

/// Throws an Error of kind kIntegrity that names `file` where the pictures do not add up to the
/// metrics of the record.
void check_evidence(const Evidence& evidence, const RunRecord& record, const std::string& file);

/// Why two runs cannot be compared picture by picture: "of shapes (val, 500 pictures, manifest
/// 01234567), and not of …"; empty when they can.
std::string other_pictures(const Evidence& left, const Evidence& right);

}  // namespace mra
