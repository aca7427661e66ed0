#pragma once

#include "harness/cli/context.h"
#include "harness/run/plan.h"
#include "reports/renderers.h"

namespace mra {

// Each adds one subcommand; when it is on the command line, it sets context.command.
void add_run_command(CLI::App& app, Context& context);
void add_list_command(CLI::App& app, Context& context);
void add_plan_command(CLI::App& app, Context& context);
void add_report_command(CLI::App& app, Context& context);
void add_claims_command(CLI::App& app, Context& context);
void add_show_command(CLI::App& app, Context& context);
void add_explain_command(CLI::App& app, Context& context);
void add_compare_command(CLI::App& app, Context& context);
void add_completion_command(CLI::App& app, Context& context);
void add_check_command(CLI::App& app, Context& context);
void add_data_command(CLI::App& app, Context& context);
void add_data_labels_command(CLI::App& data, Context& context);  // of the command data
void add_data_add_command(CLI::App& data, Context& context);     ///< below `data`
void add_init_command(CLI::App& app, Context& context);
void add_doctor_command(CLI::App& app, Context& context);
void add_db_command(CLI::App& app, Context& context);
void add_ingest_command(CLI::App& app, Context& context);
void add_augment_command(CLI::App& app, Context& context);
void add_masks_command(CLI::App& app, Context& context);
void add_bench_command(CLI::App& app, Context& context);
void add_weights_command(CLI::App& app, Context& context);
void add_verify_command(CLI::App& app, Context& context);
void add_gc_command(CLI::App& app, Context& context);
void add_runs_command(CLI::App& app, Context& context);
void add_rm_command(CLI::App& app, Context& context);
void add_logs_command(CLI::App& app, Context& context);

/// What to plan with, from the command line; the context must outlive it.
PlanOptions plan_options(const Context& context, const Selection& selection, bool fresh);
int plan_command(const Context& context, const Selection& selection, bool fresh);

/// What the command line asks of reports: seeds, and --set as a deviation.
ReportOptions report_options(const Context& context, const Selection& selection);
/// The option --format of reports, and what it chooses.
void add_format(CLI::App& command, std::string& format);
const Renderer& renderer_of(const Context& context, const std::string& format);

/// The hidden `harness complete WORD...`, which the scripts of shells ask: prints what the last of
/// the words after `harness` may become, one a line, with what it does behind a tab.
int complete(const CLI::App& app, std::vector<std::string> words);

/// --version: the version and, as JSON, what the program was built with.
int print_version(const Context& context);

}  // namespace mra
