#pragma once

#include <map>
#include <string>

#include "harness/spec/experiment.h"

namespace mra {

using Metrics = std::map<std::string, double>;  ///< "top1" -> 77.87; always finite

/// The result of one evaluator for a trained model. It is a file of its own in the run directory,
/// so that old runs can be judged by evaluators written later.
struct Judgement {
  std::string evaluator;          ///< "occlusion"
  Json options = Json::object();  ///< options of the evaluator, as in the spec
  Metrics metrics;                ///< names begin with the evaluator's: "occlusion/top1_error_32"
  Json details = Json::object();  ///< results that are not single numbers; may be empty
  std::string picture_file;       ///< file name in the same folder; empty: no picture
  std::string picture_sha256;     ///< of that file
  std::string weights_sha256;     ///< of the model that was judged
  Json environment = Json::object();  ///< as in RunRecord
  std::string started_utc;
  double wall_s = 0;
};

/// Returns "occlusion-0123abcd": the evaluator, and a hash of its name and options.
std::string judgement_id(const std::string& evaluator, const Json& options);

/// Returns the id of the judgement with `metric`; empty when training records this metric.
std::string judgement_of(const ExperimentSpec& experiment, const std::string& metric);

/// Reads {"top1": 77.87, …}. Throws an Error of kind kIntegrity for a value that is not finite.
Metrics read_metrics(const SpecReader& reader);

/// Throws an Error of kind kFailure for a metric that is not finite.
Json to_json(const Judgement& judgement);
/// Checks every field. Throws an Error of kind kIntegrity that names `file` when a field is
/// missing, unknown or wrong.
Judgement judgement_from_json(const Json& json, const std::string& file);

}  // namespace mra
