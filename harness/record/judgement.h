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
  Json options = Json::object();  ///< of the evaluator, as in the spec
  Metrics metrics;                ///< names begin with the evaluator's: "occlusion/top1_error_32"
  Json details = Json::object();  ///< results that are not single numbers; may be empty
  std::string picture_file;       ///< a file in the same folder; empty: there is no picture
  std::string picture_sha256;     ///< of that file
  std::string weights_sha256;     ///< of the model that was judged
  Json environment = Json::object();  ///< as in RunRecord
  std::string started_utc;
  double wall_s = 0;
};

/// "occlusion-0123abcd": the evaluator and a hash of its name and options.
std::string judgement_id(const std::string& evaluator, const Json& options);

/// The id of the judgement that holds `metric` of an experiment; empty: training records it.
std::string judgement_of(const ExperimentSpec& experiment, const std::string& metric);

/// Reads {"top1": 77.87, …}. A value that is not a finite number is an Error of kind kIntegrity.
Metrics read_metrics(const SpecReader& reader);

/// An Error of kind kFailure for a metric that is not finite.
Json to_json(const Judgement& judgement);
/// Checks every field. A missing, unknown or wrong one is an Error of kind kIntegrity that names
/// `file`.
Judgement judgement_from_json(const Json& json, const std::string& file);

}  // namespace mra
