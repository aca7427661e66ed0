#include "harness/cli/made_up_runs.h"

#include <cmath>

#include <fmt/format.h>

namespace mra {

static constexpr size_t kSeeds = 5;
static constexpr int kEpochs = 60;  // points of a curve

MadeUpRuns::MadeUpRuns(std::vector<ExperimentSpec> experiments)
    : experiments_(std::move(experiments)) {}

/// As large as those that workers write.
static Json environment() {
  return {{"program",
           {{"version", "0.1.0"},
            {"commit", "0123456789abcdef0123456789abcdef01234567"},
            {"dirty", false},
            {"compiler", "GNU 12.2.0"},
            {"flags", "-O3 -DNDEBUG"},
            {"build_type", "Release"}}},
          {"libraries", {{"libtorch", "2.11.0"}, {"opencv", "4.6.0"}, {"fmt", "9.1.0"}}},
          {"machine",
           {{"host", "made-up"},
            {"system", "Debian GNU/Linux 12 (bookworm)"},
            {"cpu", "made up"},
            {"cores", 2},
            {"memory_bytes", 25276510208}}},
          {"device", {{"kind", "cpu"}, {"threads", 2}}},
          {"threads", 2},
          {"loader_threads", 1},
          {"command_line", {"harness-worker", "execute", "runs/01/23456789abcdef-s0"}},
          {"dataset", {{"name", "shapes"}, {"manifest_sha256", std::string(64, '0')}}}};
}

static Curve curve(double end, double shift) {
  Curve points;
  for (int epoch = 1; epoch <= kEpochs; ++epoch)
    points.emplace_back(epoch, end * (1 - std::exp(-epoch / 12.0)) + shift);
  return points;
}

RunRecord MadeUpRuns::record(size_t index) const {
  const size_t declared = experiments_.size() / 2;
  const bool as_declared = index < declared;
  const size_t variant = as_declared ? 0 : (index - declared) / kSeeds;
  const ExperimentSpec& base =
      experiments_[as_declared ? 2 * index : variant % experiments_.size()];
  RunRecord record;
  record.spec = base.resolved;
  if (!as_declared) record.spec["recipe"]["weight_decay"] = 1e-4 + double(variant) * 1e-9;
  record.key = as_declared ? base.key : experiment_key(record.spec);
  record.seed = as_declared ? 0 : int64_t((index - declared) % kSeeds);
  record.experiment = base.name;
  const double top1 = 60 + double(index % 1000) / 50;
  record.metrics = {{"top1", top1},      {"top1/best", top1 + 0.25},
                    {"top5", top1 + 15}, {"top5/best", top1 + 15.25},
                    {"loss", 1.25},      {"best_epoch", 58}};
  record.curves = {{"train_loss", curve(-2, 2.5)},
                   {"lr", curve(-0.1, 0.1)},
                   {"top1", curve(top1, 0)},
                   {"top5", curve(top1 + 15, 0)}};
  record.environment = environment();
  record.started_utc = "2026-01-02T03:04:05Z";
  record.wall_s = 300 + double(index % 100);
  record.cpu_s = 2 * record.wall_s;
  record.peak_memory_bytes = 600 << 20;
  record.weights_file = "weights.safetensors";
  record.weights_sha256 = fmt::format("{:064x}", index);
  return record;
}

}  // namespace mra
