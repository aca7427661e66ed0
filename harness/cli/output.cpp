#include "harness/cli/output.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/base/suggest.h"
#include "harness/base/text.h"

namespace mra {

ColorMode parse_color_mode(const std::string& text) {
  if (text == "auto") return ColorMode::kAuto;
  if (text == "always") return ColorMode::kAlways;
  check(text == "never", ErrorKind::kUsage, "--color", fmt::format("unknown mode '{}'", text),
        suggestion(text, {"auto", "always", "never"}));
  return ColorMode::kNever;
}

bool use_color(ColorMode mode, int descriptor) {
  if (mode != ColorMode::kAuto) return mode == ColorMode::kAlways;
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (no_color != nullptr && *no_color != '\0') return false;
  if (terminal != nullptr && std::strcmp(terminal, "dumb") == 0) return false;
  return isatty(descriptor) != 0;
}

void print(const std::string& unsafe) {
  const std::string text = printable(unsafe);
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
                       std::fflush(stdout) == 0;  // before the message asks for errno
  check(written, ErrorKind::kEnvironment, "stdout",
        fmt::format("cannot be written: {}", std::strerror(errno)),
        "free space on the disk that the output is written to");
}

void print_json(Json document) {
  document["schema_version"] = 1;
  print(document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

Json error_json(const Error& error) {
  return {{"kind", name(error.kind)}, {"message", one_line(error)}, {"hint", error.cure}};
}

int report_errors(const std::vector<Error>& errors, bool json, bool color, Json document) {
  document["errors"] = Json::array();
  for (const Error& error : errors) {
    tell("{} {}\n", colored("harness:", Color::kRed, color), error.what());
    document["errors"].push_back(error_json(error));
  }
  document["error"] = document["errors"].front();
  if (json) print_json(document);
  return exit_code(errors.front().kind);
}

size_t terminal_width(int descriptor) {
  winsize size{};
  if (isatty(descriptor) == 0 || ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace mra
