#include "harness/spec/table.h"

#include <set>

#include <fmt/format.h>

#include "harness/base/error.h"

namespace mra {

static TableColumn read_column(SpecReader spec) {
  TableColumn column;
  column.name = spec.required<std::string>("name");
  column.title = spec.optional("title", column.name);
  column.metric = spec.optional("metric", column.name);
  column.unit = spec.optional<std::string>("unit", "");
  column.decimals = int(spec.in_range<int64_t>("decimals", 2, 0, 9));
  spec.reject_unread_keys();
  return column;
}

static TableRow read_row(SpecReader spec, const std::vector<TableColumn>& columns) {
  TableRow row;
  row.label = spec.required<std::string>("label");
  row.note = spec.optional<std::string>("note", "");
  SpecReader paper = spec.child("paper", true);
  for (const TableColumn& column : columns)
    if (paper.has(column.name)) row.paper[column.name] = paper.required<double>(column.name);
  paper.reject_unread_keys();
  for (const char* key : {"with", "at"}) spec.child(key, true);
  spec.optional<std::string>("experiment", "");
  spec.reject_unread_keys();
  return row;
}

TableSpec read_table(const Json& json, const std::string& id, const std::string& file,
                     std::vector<Json>& rows) {
  SpecReader spec(json, file);
  TableSpec table;
  table.id = id;
  table.file = file;
  table.title = spec.required<std::string>("title");
  table.note = spec.optional<std::string>("note", "");
  spec.optional<std::string>("base", "");
  const auto columns = spec.required<std::vector<Json>>("columns");
  for (size_t i = 0; i < columns.size(); ++i)
    table.columns.push_back(read_column({columns[i], file, fmt::format("/columns/{}", i)}));
  rows = spec.required<std::vector<Json>>("rows");
  std::set<std::string> labels;
  for (size_t i = 0; i < rows.size(); ++i) {
    table.rows.push_back(read_row({rows[i], file, fmt::format("/rows/{}", i)}, table.columns));
    check(labels.insert(table.rows.back().label).second, ErrorKind::kUsage,
          fmt::format("{}: /rows/{}/label", file, i),
          fmt::format("'{}' stands twice", table.rows.back().label), "give each row its own label");
  }
  spec.reject_unread_keys();
  return table;
}

}  // namespace mra
