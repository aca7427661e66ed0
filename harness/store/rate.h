#pragma once

#include <optional>
#include <string>

#include "harness/record/run_record.h"

namespace mra {

enum class RateSource {
  kRun,    ///< a whole recorded run, its evaluations included
  kProbe,  ///< a few steps done to measure it
};

const char* name(RateSource source);  ///< "run", "probe"

/// How fast a kind of work went on a machine.
struct Rate {
  std::string machine;  ///< machine_of()
  std::string device;   ///< "cpu", "cuda"
  int64_t threads = 0;
  std::string work;  ///< work_of()
  RateSource source = RateSource::kProbe;
  double images_per_s = 0;
  std::string basis;  ///< for people: "of table6/Baseline s0"
  std::string measured_utc;
};

/// "AMD EPYC 7763, 64 cores": what tells machines apart as far as speed goes. `environment`: of a
/// record. Empty when it does not say.
std::string machine_of(const Json& environment);
std::string machine_text(const std::string& cpu, int64_t cores);

/// Fills machine, device and threads from the environment of a record or of a probe.
Rate rate_at(const Json& environment);

/// The rate of a whole run. Nothing when record or spec lack what it takes.
std::optional<Rate> rate_of(const RunRecord& record);

}  // namespace mra
