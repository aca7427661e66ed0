#include <algorithm>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "harness/base/suggest.h"
#include "harness/cli/commands/commands.h"
#include "reports/claim_words.h"
#include "reports/report_files.h"

namespace mra {

namespace {

struct ClaimsArguments {
  std::vector<std::string> ids;  ///< of claims or tables; none: all
  Selection selection;
  std::string format;
};

/// The claims whose ids, or whose tables' ids, are named.
std::vector<Claim> named_claims(const SpecLibrary& library, const std::vector<std::string>& ids) {
  std::vector<Claim> claims = library.claims();
  std::vector<std::string> known = library.table_ids();
  for (const Claim& claim : claims) known.push_back(claim.id);
  for (const std::string& id : ids) match_name(id, known, "claim or table");
  std::erase_if(claims, [&](const Claim& claim) {
    return !ids.empty() && std::count(ids.begin(), ids.end(), claim.id) +
                                   std::count(ids.begin(), ids.end(), claim.table) ==
                               0;
  });
  return claims;
}

int claims_command(const Context& context, const ClaimsArguments& arguments) {
  const SpecLibrary library = context.library();
  context.expect_workspace();
  ReportOptions options = report_options(context, arguments.selection);
  options.claims = named_claims(library, arguments.ids);
  std::vector<TableSpec> tables;
  std::set<std::string> wanted;
  for (const Claim& claim : options.claims)
    if (wanted.insert(claim.table).second)
      tables.push_back(library.table(claim.table, arguments.selection.scale));
  const auto claims = claims_of(make_reports(tables, context.results(), options));
  if (arguments.format.empty() && !context.json && !arguments.ids.empty())
    for (const JudgedClaim& judged : claims) print(details_text(judged) + "\n");
  else
    print(renderer_of(context, arguments.format).render_claims(claims, arguments.selection.scale));
  return 0;
}

}  // namespace

void add_claims_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(
      app, "claims", "Which claims of the paper do the runs support?",
      "  harness claims --scale mini\n"
      "  harness claims t6-order                its runs, and the runs that would decide it\n"
      "  harness claims table6 --format html > claims.html");
  const auto arguments = set_work(*command, context, claims_command);
  command->add_option("ID", arguments->ids,
                      "Claims, or tables for all of their claims; default: all");
  add_scale(*command, arguments->selection);
  add_seeds(*command, arguments->selection);
  add_format(*command, arguments->format);
}

}  // namespace mra
