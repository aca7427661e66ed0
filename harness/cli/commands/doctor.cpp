#include <fmt/format.h>

#include "harness/cli/commands/commands.h"
#include "harness/run/diagnosis.h"

namespace mra {

static std::string text(const std::vector<Finding>& findings, bool color) {
  std::string text;
  for (const Finding& finding : findings) {
    const Color shade = finding.state == "ok"     ? Color::kGreen
                        : finding.state == "note" ? Color::kYellow
                                                  : Color::kRed;
    text +=
        fmt::format("{}  {:<13}{}\n", colored(fmt::format("{:<7}", finding.state), shade, color),
                    finding.name, finding.found);
    if (!finding.cure.empty()) text += fmt::format("           fix: {}\n", finding.cure);
  }
  return text;
}

static int doctor_command(const Context& context) {
  const auto findings =
      examine(context.workspace, context.experiment_folders(), context.data_folders());
  Json checks = Json::array();
  bool good = true;
  for (const Finding& finding : findings) {
    good = good && finding.state != "problem";
    checks.push_back({{"name", finding.name},
                      {"state", finding.state},
                      {"found", finding.found},
                      {"cure", finding.cure.empty() ? Json() : Json(finding.cure)}});
  }
  context.answer({{"checks", checks}}, text(findings, context.color_on(1)));
  return good ? 0 : exit_code(ErrorKind::kEnvironment);
}

void add_doctor_command(CLI::App& app, Context& context) {
  set_work(*add_command(app, "doctor", "Is this machine ready, and if not, what to do",
                        "  harness doctor\n  harness doctor --json"),
           context, doctor_command);
}

}  // namespace mra
