#include "reports/renderers.h"

namespace mra {

static Json cell_json(const ReportCell& cell) {
  Json json = {{"column", cell.column},
               {"paper", cell.paper && cell.paper->value ? Json(*cell.paper->value) : Json()},
               {"measured", Json()},
               {"runs", cell.runs},
               {"state", cell.state},
               {"reason", cell.reason.empty() ? Json() : Json(cell.reason)},
               {"pending_seeds", cell.pending_seeds}};
  if (cell.measured)
    json["measured"] = {{"mean", cell.measured->mean},
                        {"sd", cell.measured->sd ? Json(*cell.measured->sd) : Json()},
                        {"n", cell.measured->values.size()},
                        {"values", cell.measured->values},
                        {"seeds", cell.measured->seeds}};
  return json;
}

Json to_json(const ReportTable& table) {
  Json columns = Json::array(), rows = Json::array();
  for (const TableColumn& column : table.columns)
    columns.push_back({{"name", column.name},
                       {"title", column.title},
                       {"metric", column.metric},
                       {"unit", column.unit},
                       {"decimals", column.decimals}});
  for (const ReportRow& row : table.rows) {
    Json cells = Json::array();
    for (const ReportCell& cell : row.cells) cells.push_back(cell_json(cell));
    rows.push_back({{"label", row.label}, {"note", row.note}, {"cells", cells}});
  }
  return {{"id", table.id},     {"title", table.title}, {"scale", table.scale},
          {"note", table.note}, {"columns", columns},   {"rows", rows}};
}

std::string render_json(const std::vector<ReportTable>& tables) {
  Json json = {{"schema_version", 1}, {"tables", Json::array()}};
  for (const ReportTable& table : tables) json["tables"].push_back(to_json(table));
  return json.dump(2) + "\n";
}

}  // namespace mra
