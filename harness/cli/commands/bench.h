#pragma once

#include "harness/cli/commands/commands.h"

namespace mra {

/// Add `harness bench step` and `harness bench loader`.
void add_step_bench(CLI::App& bench, Context& context);
void add_loader_bench(CLI::App& bench, Context& context);

/// The experiments of the tables and what they start from, each once, those to start from first.
std::vector<ExperimentSpec> experiments_of(const Context& context, const Selection& selection);

}  // namespace mra
