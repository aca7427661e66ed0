#include <fmt/format.h>

#include "harness/cli/commands/commands.h"
#include "harness/data/example.h"

namespace mra {

static int init_command(const Context& context, const std::filesystem::path& typed) {
  const std::filesystem::path folder = typed.empty() ? "." : typed;
  Json written = Json::array();
  std::string lines;
  for (const auto& path : write_example(folder)) {
    written.push_back(path.string());
    lines += path.string() + "\n";
  }
  const std::string there = folder == "." ? "" : fmt::format("cd {} && ", folder.string());
  context.answer({{"written", written}},
                 fmt::format("{}Now: {}harness run my_table\n", lines, there));
  return 0;
}

void add_init_command(CLI::App& app, Context& context) {
  CLI::App* command =
      add_command(app, "init", "Write an example of your own experiments that runs at once",
                  "  harness init            in this folder\n"
                  "  harness init ~/mine     there");
  command->add_option("DIR", *set_work(*command, context, init_command),
                      "Where experiments/ and my_pictures/ are written; default: here");
}

}  // namespace mra
