#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/record/judgement.h"

namespace mra {

/// A curve of a run: values by epoch, oldest first.
using Curve = std::vector<std::pair<double, double>>;  ///< {epoch, value}

/// The result of a finished run, written by the worker and kept in the database.
struct RunRecord {
  std::string key;
  int64_t seed = 0;
  std::string experiment;  ///< "table6/Mask Low", for messages
  Json spec;               ///< the resolved spec, whose hash is `key`
  Metrics metrics;
  std::map<std::string, Curve> curves;  ///< "train_loss", "top1", …
  /// {"program": commit, patch, compiler, …; "libraries"; "machine"; "device"; "threads";
  /// "determinism"; "data_wait_s": part of wall_s; "command_line"; "started_by"; "dataset": name
  /// and hash of its manifest; "inputs": content of the files it used (spec/inputs.h)}
  Json environment;
  std::string started_utc;
  double wall_s = 0;  ///< all attempts together
  double cpu_s = 0;
  int64_t peak_memory_bytes = 0;
  int64_t attempts = 1;      ///< number of starts until it finished
  std::string weights_file;  ///< file name in the run directory
  std::string weights_sha256;
  /// Of the file evidence.bits in the run directory (evidence.h); empty: the run has none.
  std::string evidence_sha256;
  std::string evidence;  ///< its content; empty: there is none, or it is lost or damaged
  std::vector<Judgement> judgements;  ///< sorted by judgement_id(); each has a file of its own
};

/// Returns the judgement with this id; null when the record has none.
const Judgement* find_judgement(const RunRecord& record, const std::string& id);

/// Throws an Error of kind kFailure when a metric or a point of a curve is not finite.
void check_numbers(const RunRecord& record);

/// Throws what check_numbers() throws.
Json to_json(const RunRecord& record);
/// Checks every field. Throws an Error of kind kIntegrity that names `file` when a field is
/// missing, unknown or wrong.
RunRecord record_from_json(const Json& json, const std::string& file);

}  // namespace mra
