#pragma once

#include <string>

#include "harness/base/error.h"
#include "harness/base/tell.h"
#include "harness/base/text_table.h"
#include "harness/base/units.h"
#include "harness/spec/shallow_json.h"

namespace mra {

/// When words are coloured: `auto` is on a terminal, unless NO_COLOR or TERM=dumb says no.
enum class ColorMode { kAuto, kAlways, kNever };
ColorMode parse_color_mode(const std::string& text);

/// Whether to colour what goes to a stream (file descriptor 1 or 2).
bool use_color(ColorMode mode, int descriptor);

/// Text to stdout, made printable(); an Error when it cannot be written (a full disk behind a
/// redirection).
void print(const std::string& text);

/// The one document of --json on stdout, with "schema_version".
void print_json(Json document);

/// {"kind", "message", "hint"}: an error as scripts see it.
Json error_json(const Error& error);

/// Tells all of `errors`, and prints them as {"error": the first, "errors"} where `json` is wanted.
/// Gives the exit code of the first.
int report_errors(const std::vector<Error>& errors, bool json, bool color,
                  Json document = Json::object());

/// Columns of the terminal at `descriptor`; 0 when it is none.
size_t terminal_width(int descriptor);

}  // namespace mra
