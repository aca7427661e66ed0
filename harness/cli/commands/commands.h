#pragma once

#include "harness/cli/context.h"
#include "harness/run/plan.h"
#include "reports/renderers.h"

namespace mra {

/// Adds one command; when it is on the command line, it sets context.command.
using AddCommand = void(CLI::App& app, Context& context);
AddCommand add_audit_command, add_augment_command, add_bench_command, add_check_command,
    add_capsule_command, add_claims_command, add_compare_command, add_completion_command,
    add_data_command, add_db_command, add_doctor_command, add_explain_command, add_gc_command,
    add_ingest_command, add_init_command, add_list_command, add_logs_command, add_masks_command,
    add_methods_command, add_plan_command, add_report_command, add_rm_command, add_run_command,
    add_runs_command, add_sensitivity_command, add_show_command, add_verify_command,
    add_weights_command;

/// What to plan with, from the command line; the context must outlive it.
PlanOptions plan_options(const Context& context, const Selection& selection, bool fresh);
int show_plan(const Context& context, const Selection& selection, bool fresh);

/// What the command line asks of reports: seeds, and --set as a deviation.
ReportOptions report_options(const Context& context, const Selection& selection);
/// The option --format of reports, and what it chooses.
void add_format(CLI::App& command, std::string& format);
const Renderer& renderer_of(const Context& context, const std::string& format);

/// The hidden `harness complete WORD...`, which the scripts of shells ask: prints what the last of
/// the words after `harness` may become, one a line, with what it does behind a tab.
int complete(const CLI::App& app, Context& context, std::vector<std::string> words);

/// Lets the workers that this process starts record how it was called and with which libraries.
void tell_workers(const std::vector<std::string>& arguments);

/// --version: the version and, as JSON, what the program was built with.
int print_version(const Context& context);

}  // namespace mra
