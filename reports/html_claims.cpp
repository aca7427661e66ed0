#include "reports/html_claims.h"

#include <fmt/format.h>

#include "reports/claim_words.h"
#include "reports/html.h"
#include "reports/renderers.h"

namespace mra {

std::string evidence_html(const std::vector<JudgedClaim>& claims) {
  std::string text;
  for (const JudgedClaim& judged : claims) {
    const LaidClaim laid = lay_out(judged);
    std::string comparisons;
    for (const JudgedComparison& one : judged.comparisons)
      comparisons += fmt::format("<li>{}</li>\n", html_escaped(comparison_text(judged, one)));
    text += fmt::format(
        "<div class=\"claim\" id=\"claim-{}\">\n<p><b>{}</b> <q>{}</q> <span "
        "class=\"soft\">{}, judged as {}</span></p>\n<ul>\n{}</ul>\n{}</div>\n",
        html_id(laid.id), laid.verdict, html_escaped(laid.sentence), html_escaped(laid.place),
        html_escaped(standard_text(judged)), comparisons,
        laid.next.empty() ? ""
                          : fmt::format("<p class=\"soft\">{}</p>\n", html_escaped(laid.next)));
  }
  return text.empty() ? "" : fmt::format("<h3>Claims</h3>\n{}", text);
}

std::string verdicts_html(const std::vector<JudgedClaim>& claims, const std::string& scale) {
  std::string rows;
  for (const JudgedClaim& judged : claims) {
    const LaidClaim laid = lay_out(judged);
    rows += fmt::format(
        "<tr><th scope=\"row\"><a href=\"#claim-{}\">{}</a></th><td>{}</td><td>{}</td><td>{}</td>"
        "<td class=\"long\">{}</td></tr>\n",
        html_id(laid.id), html_escaped(laid.id), laid.verdict, html_escaped(laid.effect),
        html_escaped(laid.seeds), html_escaped(laid.next));
  }
  const std::string table = fmt::format(
      "<table class=\"runs\">\n<caption>Verdicts; effects with 90 % intervals, above 0 in favour "
      "of the claim</caption>\n<thead><tr><th scope=\"col\">Claim</th><th "
      "scope=\"col\">Verdict</th>"
      "<th scope=\"col\">Effect</th><th scope=\"col\">Seeds</th><th scope=\"col\">What would decide"
      "</th></tr></thead>\n<tbody>\n{}</tbody>\n</table>",
      rows);
  return fmt::format(
      "<section id=\"claims\">\n<h2>{}</h2>\n<details open>\n<summary>Each "
      "claim</summary>\n{}</details>\n</section>\n",
      html_escaped(summary_text(claims, scale)), scroll_frame("Claims", table));
}

std::string claims_html(const std::vector<JudgedClaim>& claims, const std::string& scale) {
  const std::string title = fmt::format("Claims of {}", kPaperTitle);
  return html_page(
      title,
      fmt::format("<header>\n<h1>{}</h1>\n</header>\n<main>\n{}<section>\n{}</section>\n</main>\n",
                  title, verdicts_html(claims, scale), evidence_html(claims)));
}

}  // namespace mra
