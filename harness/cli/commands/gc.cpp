#include <fmt/format.h>

#include "harness/cli/commands/commands.h"
#include "harness/run/garbage.h"

namespace mra {

static int gc_command(const Context& context, bool may_delete) {
  const std::vector<Garbage> all = garbage(context.workspace);
  Json list = Json::array();
  TextTable text{{"path", "size", "why"}, {}};
  int64_t bytes = 0;
  for (const Garbage& one : all) {
    bytes += one.bytes;
    list.push_back({{"path", one.path.string()}, {"bytes", one.bytes}, {"why", one.why}});
    text.rows.push_back(
        {one.path.lexically_relative(context.workspace).string(), short_size(one.bytes), one.why});
  }
  // Shown first: should deleting be cut off, it is known what was to go.
  if (!context.json && !all.empty()) print(context.shown(text));
  if (may_delete)
    for (const Garbage& one : all) remove(one);
  context.answer(
      {{"garbage", list}, {"bytes", bytes}, {"deleted", may_delete}},
      all.empty() ? "nothing to delete\n"
                  : fmt::format("{}{} in all{}\n", may_delete ? "deleted, " : "", short_size(bytes),
                                may_delete ? "" : "; harness gc --delete removes it"));
  return 0;
}

void add_gc_command(CLI::App& app, Context& context) {
  CLI::App* command =
      add_command(app, "gc", "List files that are no longer needed, and delete them",
                  "  harness gc            what can be deleted, and why\n"
                  "  harness gc --delete   the same, and delete it");
  command->add_flag("--delete", *set_work(*command, context, gc_command), "Delete what is listed");
}

}  // namespace mra
