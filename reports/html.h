#pragma once

#include <string>

namespace mra {

/// Escapes text for use between tags and in quoted attributes.
std::string html_escaped(const std::string& text);

/// A self-contained HTML document with the style of the reports: light and dark, for screens,
/// phones and paper. `body`: HTML.
std::string html_page(const std::string& title, const std::string& body);

}  // namespace mra
