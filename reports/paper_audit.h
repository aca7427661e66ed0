#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/spec/library.h"

namespace mra {

/// A cell of the paper.
struct PaperPlace {
  std::string table, row, column;  ///< as specs name them
};

/// Two figures that should agree, and whether they do.
struct PaperCheck {
  std::string kind;  ///< one of audit_kinds()
  std::string id;    ///< of the claim or statement that is checked; else empty
  Json said;         ///< number or text
  std::string said_at;
  Json found;  ///< the same, computed or from elsewhere; a list where several hold
  std::string found_at;
  bool agrees = true;
  std::string remark;  ///< what else was computed about it; usually empty
  std::vector<PaperPlace> places;
  std::vector<std::string> claims;  ///< ids of claims that rest on the places
};

/// A publication that figures were taken from.
struct TakenFigures {
  std::string title;                  ///< of the publication
  size_t figures = 0, differing = 0;  ///< how many; how many differ from what it prints
  std::map<std::string, size_t> by_table;
};

/// What the paper says twice, compared, and what it took from where.
struct PaperAudit {
  std::vector<PaperCheck> checks;
  std::map<std::string, TakenFigures> taken;  ///< by id of the origin
  size_t own_figures = 0;
};

/// A kind of check, with a heading for those that found something.
struct AuditKind {
  const char* name;
  const char* heading;
};
const std::vector<AuditKind>& audit_kinds();

/// Checks the figures of `tables` against one another, the specs at the paper's scale, the
/// library's claims and statements, and the publications they come from.
PaperAudit audit_paper(const SpecLibrary& library, const std::vector<std::string>& tables);

/// {"findings", "recomputed", "taken", "own_figures", "checked"}
Json to_json(const PaperAudit& audit);
/// The same for people.
std::string audit_text(const PaperAudit& audit);

}  // namespace mra
