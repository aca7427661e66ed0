#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/record/judgement.h"

namespace mra {

/// One curve of a run: value over epochs, oldest first.
using Curve = std::vector<std::pair<double, double>>;  ///< {epoch, value}

/// The result of a finished run, as the worker writes it and the database keeps it.
struct RunRecord {
  std::string key;
  int64_t seed = 0;
  std::string experiment;  ///< "table6/Mask Low", for people
  Json spec;               ///< the resolved spec, whose hash is `key`
  Metrics metrics;
  std::map<std::string, Curve> curves;  ///< "train_loss", "top1", …
  /// {"program": commit, dirty flag, hash of the patch, compiler, flags; "libraries"; "machine";
  /// "device"; "threads"; "command_line"; "started_by": the same of `harness`; "dataset": name and
  /// hash of its manifest; "inputs": contents it rests on (spec/inputs.h)}
  Json environment;
  std::string started_utc;
  double wall_s = 0;  ///< all attempts together
  double cpu_s = 0;
  int64_t peak_memory_bytes = 0;
  int64_t attempts = 1;      ///< how often the run was started until it finished
  std::string weights_file;  ///< name inside the run directory
  std::string weights_sha256;
  std::vector<Judgement> judgements;  ///< by judgement_id(); of files of their own, later ones too
};

/// The judgement of that id; null when the record has none.
const Judgement* find_judgement(const RunRecord& record, const std::string& id);

/// An Error of kind kFailure for a metric or a point of a curve that is no finite number.
void check_numbers(const RunRecord& record);

/// Refuses what check_numbers() refuses.
Json to_json(const RunRecord& record);
/// Checks every field; an Error of kind kIntegrity that names `file` when something is off.
RunRecord record_from_json(const Json& json, const std::string& file);

}  // namespace mra
