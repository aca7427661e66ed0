#include "harness/base/suggest.h"
#include "harness/cli/commands/commands.h"
#include "reports/paper_audit.h"

namespace mra {

namespace {

struct AuditArguments {
  std::vector<std::string> ids;  ///< none: all
};

int audit_command(const Context& context, const AuditArguments& arguments) {
  const SpecLibrary library = context.library();
  std::vector<std::string> tables;
  for (const std::string& id : arguments.ids) {
    if (id == "all") continue;
    tables.push_back(match_name(id, library.table_ids(), "table or figure"));
  }
  const PaperAudit audit = audit_paper(library, tables.empty() ? library.table_ids() : tables);
  context.answer(to_json(audit), audit_text(audit));
  return 0;
}

}  // namespace

void add_audit_command(CLI::App& app, Context& context) {
  CLI::App* command =
      add_command(app, "audit", "What the paper contradicts in itself, and what it took from where",
                  "  harness audit\n"
                  "  harness audit table4 table9\n"
                  "  harness audit --json            every number of the text, computed again");
  command->add_option("ID", set_work(*command, context, audit_command)->ids,
                      "Tables and figures; default: all");
}

}  // namespace mra
