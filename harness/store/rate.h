#pragma once

#include <optional>
#include <string>

#include "harness/record/run_record.h"

namespace mra {

enum class RateSource {
  kRun,    ///< a whole recorded run, its evaluations included
  kProbe,  ///< a few training steps, done to measure the rate
};

const char* name(RateSource source);  ///< "run", "probe"

/// The measured speed of a kind of work on a machine.
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

/// "AMD EPYC 7763, 64 cores": identifies machines of equal speed. `environment`: of a record; the
/// result is empty when it names neither.
std::string machine_of(const Json& environment);
std::string machine_text(const std::string& cpu, int64_t cores);

/// A Rate with machine, device and threads from the environment of a record or of a probe.
Rate rate_at(const Json& environment);

/// The rate of a whole run; nothing when the record or its spec lacks a needed value.
std::optional<Rate> rate_of(const RunRecord& record);

}  // namespace mra
