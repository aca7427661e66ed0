#include "harness/cli/man_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/build_info.h"

namespace mra {

/// The code point of the UTF-8 letter at `place`, which is moved behind it.
static uint32_t take_letter(const std::string& text, size_t& place) {
  const auto first = uint8_t(text[place++]);
  uint32_t code = first < 0x80 ? first : first & (first < 0xE0 ? 0x1F : first < 0xF0 ? 0x0F : 0x07);
  while (place < text.size() && (uint8_t(text[place]) & 0xC0) == 0x80)
    code = code << 6 | (uint8_t(text[place++]) & 0x3F);
  return code;
}

/// Text that roff prints as it stands: no escape, no request, no hyphen for a minus, ASCII alone.
static std::string roff(const std::string& text) {
  std::string escaped;
  for (size_t place = 0; place < text.size();) {
    const uint32_t letter = take_letter(text, place);
    const bool begins = escaped.empty() || escaped.back() == '\n';
    if (begins && (letter == '.' || letter == '\'')) escaped += "\\&";
    if (letter == '\\')
      escaped += "\\e";
    else if (letter == '-')
      escaped += "\\-";
    else if (letter < 0x80)
      escaped += char(letter);
    else
      escaped += fmt::format("\\[u{:04X}]", letter);
  }
  return escaped;
}

/// "\fB-o\fR, \fB--output\fR \fIVALUE\fR".
static std::string heading(const OptionWords& option, bool argument) {
  std::vector<std::string> names;
  for (const std::string& name : option.names)
    names.push_back((argument ? "\\fI" : "\\fB") + roff(name) + "\\fR");
  return fmt::format("{}{}", fmt::join(names, ", "),
                     option.takes_value && !argument ? " \\fIVALUE\\fR" : "");
}

static std::string entry(const OptionWords& option, bool argument) {
  const std::string standard =
      option.standard.empty() ? "" : fmt::format(" (default: {})", option.standard);
  return fmt::format(".TP\n{}\n{}\n", heading(option, argument),
                     roff(option.description + standard));
}

static std::string examples(const std::string& text) {
  return ".PP\n.RS 2\n.nf\n" + roff(text) + "\n.fi\n.RE\n";
}

/// "harness show [OPTIONS] RUN".
static std::string synopsis(const CommandWords& command) {
  std::string text = "\\fB" + roff(command.path) + "\\fR [\\fIOPTIONS\\fR]";
  if (!command.commands.empty()) text += " \\fICOMMAND\\fR";
  for (const OptionWords& argument : command.arguments) {
    const std::string name =
        fmt::format("\\fI{}\\fR{}", argument.names.back(), argument.repeatable ? "..." : "");
    text += argument.required ? fmt::format(" {}", name) : fmt::format(" [{}]", name);
  }
  return text;
}

static std::string command_section(const CommandWords& command) {
  std::string text = fmt::format(".SS \"{}\"\n{}\n.PP\n{}.\n", roff(command.path),
                                 synopsis(command), roff(command.summary));
  for (const OptionWords& argument : command.arguments) text += entry(argument, true);
  for (const OptionWords& option : command.options)
    if (option.names.back() != "--help") text += entry(option, false);
  return text + examples(command.examples);
}

static constexpr const char* kEnd = R"(.SH "EXIT STATUS"
.TP
\fB0\fR
success
.TP
\fB1\fR
a run failed, or the program did
.TP
\fB2\fR
the command line or a spec is wrong
.TP
\fB4\fR
a table is not finished, with \-\-strict
.TP
\fB5\fR
data, the database or a file of a run is damaged
.TP
\fB6\fR
this machine lacks something: a GPU, space, a data set
.TP
\fB75\fR
stopped early; the same command goes on where it was
.TP
\fB128\fR+\fIn\fR
ended by signal \fIn\fR
.SH ENVIRONMENT
.TP
\fBHARNESS_DATA\fR
folders that hold data sets, with a colon between, as \-\-data\-dir
.TP
\fBHARNESS_EXPERIMENTS\fR
the folder of specs, where it is not the one beside the program
.TP
\fBNO_COLOR\fR
no colours, when it is not empty
.SH FILES
.TP
\fIharness\-out/harness.db\fR
the results; made anew from the run directories by \fBharness db rebuild\fR
.TP
\fIharness\-out/runs/\fR
a directory a run: its spec, environment, journal, weights and record
)";

std::string man_page(const CommandWords& program) {
  std::string text = fmt::format(
      ".TH HARNESS 1 \"\" \"harness {}\" \"User Commands\"\n.SH NAME\nharness \\- {}\n"
      ".SH SYNOPSIS\n{}\n.SH DESCRIPTION\n"
      "Every table and figure of the paper is a set of experiments. The program trains what is\n"
      "missing of them, keeps the results in a database, and prints them beside the figures of\n"
      "the paper. Data goes to stdout, all else to stderr.\n",
      build_info().version, roff(program.summary), synopsis(program));
  text += examples(program.examples);
  text += ".SH OPTIONS\nThese may stand after every command.\n";
  for (const OptionWords& option : program.options) text += entry(option, false);
  text += ".SH COMMANDS\n";
  for (const CommandWords* command : all_commands(program))
    if (command != &program) text += command_section(*command);
  return text + kEnd;
}

}  // namespace mra
