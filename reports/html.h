#pragma once

#include <string>

namespace mra {

/// Escapes text for use between tags and in quoted attributes.
std::string html_escaped(const std::string& text);

/// Text as an id, which a link may point to: letters and digits stay, other bytes become "_2f".
std::string html_id(const std::string& text);

constexpr char kPaperTitle[] = "Masked Autoencoders are Robust Data Augmentors";

/// A frame in which a wide table scrolls, also by keyboard. `name`: for screen readers; `table`:
/// HTML.
std::string scroll_frame(const std::string& name, const std::string& table);

/// A self-contained HTML document with the style of the reports: light and dark, for screens,
/// phones and paper. `body`: HTML.
std::string html_page(const std::string& title, const std::string& body);

}  // namespace mra
