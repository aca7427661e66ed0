#include "harness/spec/statement.h"

#include <utility>

#include "harness/base/error.h"
#include "harness/spec/spec_reader.h"

namespace mra {

static void read_cell_place(SpecReader& spec, Statement& statement) {
  statement.table = spec.required<std::string>("table");
  statement.column = spec.required<std::string>("column");
  if (spec.has("sum_of") || spec.describing()) {
    SpecReader weights = spec.child("sum_of", true);
    for (const auto& entry : weights.json().items())
      statement.sum_of[entry.key()] = weights.required<double>(entry.key());
    spec.describe("sum_of", {{"additionalProperties", {{"type", "number"}}}});
  }
  if (statement.sum_of.empty()) statement.row = spec.required<std::string>("row");
}

static Statement read_statement_fields(SpecReader spec, const std::string& id) {
  Statement statement;
  statement.id = id;
  statement.where = spec.where();
  statement.sentence = spec.required<std::string>("sentence");
  statement.place = spec.required<std::string>("place");
  const bool all = spec.describing();
  check(spec.has("table") + spec.has("experiment") + spec.has("origin") == 1 || all,
        ErrorKind::kUsage, spec.where(), "names no place or several",
        R"(give "table" and "column", "experiment" and "pointer", or "origin" and "fact")");
  if (spec.has("table") || all) read_cell_place(spec, statement);
  if (spec.has("experiment") || all) {
    statement.experiment = spec.required<std::string>("experiment");
    statement.pointer = spec.required<std::string>("pointer");
  }
  if (spec.has("origin") || all) {
    statement.origin = spec.required<std::string>("origin");
    statement.fact = spec.required<std::string>("fact");
  }
  if (statement.sum_of.empty()) {
    statement.value = spec.required<Json>("value");
    check(statement.value.is_number() || statement.value.is_string() || all, ErrorKind::kUsage,
          spec.where("value"), "is neither a number nor a text", "give what the sentence states");
  }
  spec.reject_unread_keys();
  return statement;
}

Statement read_statement(const Json& json, const std::string& id, const std::string& file) {
  return read_statement_fields(SpecReader(json, file, "/" + id), id);
}

Json statement_schema() {
  Json schema = schema_of([](SpecReader spec) { read_statement_fields(std::move(spec), ""); });
  schema["required"] = {"sentence", "place"};  // the others depend on the kind of place
  return schema;
}

}  // namespace mra
