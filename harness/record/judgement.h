#pragma once

#include <map>
#include <string>

#include "harness/spec/experiment.h"

namespace mra {

using Metrics = std::map<std::string, double>;  ///< "top1" -> 77.87; always finite

/// What one evaluator found of a trained model after its training: a file of its own in the run
/// directory, so that models recorded long ago can be judged by what is written later.
struct Judgement {
  std::string evaluator;          ///< "occlusion"
  Json options = Json::object();  ///< as its spec gives them
  Metrics metrics;                ///< names begin with the evaluator's: "occlusion/top1_error_32"
  Json details = Json::object();  ///< what is no single number; may be empty
  std::string picture_file;       ///< name beside the judgement; empty: it drew none
  std::string picture_sha256;     ///< of that file
  std::string weights_sha256;     ///< of the model that was judged
  Json environment = Json::object();  ///< as of RunRecord
  std::string started_utc;
  double wall_s = 0;
};

/// "occlusion-0123abcd": equal evaluators with equal options have one name.
std::string judgement_id(const std::string& evaluator, const Json& options);

/// The id of the judgement that holds `metric` of an experiment; empty: its training gives it.
std::string judgement_of(const ExperimentSpec& experiment, const std::string& metric);

/// {"top1": 77.87, …}; an Error of kind kIntegrity for what is no finite number.
Metrics read_metrics(const SpecReader& reader);

/// Refuses numbers that are not finite.
Json to_json(const Judgement& judgement);
/// Checks every field; an Error of kind kIntegrity that names `file` when something is off.
Judgement judgement_from_json(const Json& json, const std::string& file);

}  // namespace mra
