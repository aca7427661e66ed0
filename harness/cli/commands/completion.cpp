#include <map>
#include <memory>

#include <fmt/format.h>

#include "harness/base/suggest.h"
#include "harness/cli/commands/commands.h"
#include "harness/cli/completion.h"
#include "harness/cli/man_page.h"

namespace mra {

static int completion_command(const CLI::App& app, const std::string& shell) {
  const SpecLibrary library(find_experiments());
  const CommandWords program = describe(app);
  if (shell == "bash") print(bash_completion(program, library));
  if (shell == "zsh") print(zsh_completion(program, library));
  if (shell == "fish") print(fish_completion(program, library));
  check(shell == "bash" || shell == "zsh" || shell == "fish", ErrorKind::kUsage, "SHELL",
        fmt::format("unknown shell '{}'", shell), suggestion(shell, {"bash", "zsh", "fish"}));
  return 0;
}

void add_completion_command(CLI::App& app, Context& context) {
  CLI::App* command =
      add_command(app, "completion", "A script that completes commands, tables and rows in a shell",
                  "  source <(harness completion bash)        in ~/.bashrc\n"
                  "  source <(harness completion zsh)         in ~/.zshrc, after compinit\n"
                  "  harness completion fish > ~/.config/fish/completions/harness.fish");
  const auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash, zsh or fish")->required();
  command->callback([&app, &context, shell] {
    context.command = [&app, shell] { return completion_command(app, *shell); };
  });
}

void add_man_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(app, "man", "The manual page, for man(1)",
                                  "  harness man > harness.1; man -l harness.1");
  command->group("");  // for those who pack the program
  command->callback([&app, &context] {
    context.command = [&app] {
      print(man_page(describe(app)));
      return 0;
    };
  });
}

}  // namespace mra
