#pragma once

#include <string>

namespace mra {

/// Text as it stands between tags and in quoted attributes.
std::string html_escaped(const std::string& text);

/// A whole document that refers to nothing outside it, with the style of the reports: light and
/// dark, for a screen, a phone and paper. `body`: HTML.
std::string html_page(const std::string& title, const std::string& body);

}  // namespace mra
