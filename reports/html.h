#pragma once

#include <string>

namespace mra {

/// Escapes text for use between tags and in quoted attributes.
std::string html_escaped(const std::string& text);

/// Text as an id, which a link may point to: letters and digits stay, other bytes become "_2f".
std::string html_id(const std::string& text);

/// A self-contained HTML document with the style of the reports: light and dark, for screens,
/// phones and paper. `body`: HTML.
std::string html_page(const std::string& title, const std::string& body);

}  // namespace mra
