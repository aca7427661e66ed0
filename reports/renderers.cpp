#include "reports/renderers.h"

#include "harness/base/error.h"
#include "harness/base/suggest.h"

namespace mra {

const std::vector<Renderer>& renderers() {
  static const std::vector<Renderer> kRenderers = {
      {"markdown", "md", render_markdown, claims_markdown, false},
      {"latex", "tex", render_latex, claims_latex, false},
      {"csv", "csv", render_csv, claims_csv, false},
      {"json", "json", render_json, claims_json, true},
      {"html", "html", render_html, claims_html, true},
      {"badge", "badge.svg", render_badge, claims_badge, false}};
  return kRenderers;
}

const Renderer& renderer(const std::string& name) {
  std::vector<std::string> names;
  for (const Renderer& candidate : renderers()) {
    if (candidate.name == name) return candidate;
    names.push_back(candidate.name);
  }
  fail(ErrorKind::kUsage, "--format", "unknown format '" + name + "'", suggestion(name, names));
}

}  // namespace mra
