#include <memory>

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
  if (!context.json && !all.empty()) print(text.render(context.color_on(1), terminal_width(1)));
  if (may_delete)
    for (const Garbage& one : all) remove(one);
  if (context.json)
    print_json({{"garbage", list}, {"bytes", bytes}, {"deleted", may_delete}});
  else if (all.empty())
    print("nothing can go\n");
  else
    print(fmt::format("{}{} in all{}\n", may_delete ? "deleted, " : "", short_size(bytes),
                      may_delete ? "" : "; harness gc --delete removes it"));
  return 0;
}

void add_gc_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(app, "gc", "What nothing refers to any more, and delete it",
                                  "  harness gc            what could go, and why\n"
                                  "  harness gc --delete   the same, and delete it");
  const auto may_delete = std::make_shared<bool>(false);
  command->add_flag("--delete", *may_delete, "Delete what is shown");
  command->callback([&context, may_delete] {
    context.command = [&context, may_delete] { return gc_command(context, *may_delete); };
  });
}

}  // namespace mra
