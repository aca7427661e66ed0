#include <string>

#include "reports/claim_words.h"
#include "reports/renderers.h"

namespace mra {

template <typename Value>
static Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

static Json words_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json measured_json(const std::optional<Measured>& measured) {
  if (!measured) return {};
  Json json = {
      {"mean", measured->mean},          {"sd", or_null(measured->sd)},
      {"ci95", or_null(measured->ci95)}, {"within_run_ci95", or_null(measured->within_run_ci95)},
      {"n", measured->values.size()},    {"values", measured->values},
      {"seeds", measured->seeds},        {"best_values", measured->best_values}};
  const auto& pictures = measured->over_pictures;
  json["pictures_ci95"] = pictures ? Json({pictures->low, pictures->high}) : Json();
  json["to_baseline"] = or_null(measured->to_baseline);
  if (const auto& paired = measured->paired)
    json["paired"] = {{"with", paired->with},
                      {"mean", paired->mean},
                      {"ci95", paired->ci95},
                      {"pairs", paired->pairs}};
  return json;
}

/// The publication that a figure is taken from; null: the paper's authors measured it.
static Json origin_json(const Published& paper) {
  if (paper.origin.empty()) return {};
  return {{"id", paper.origin},
          {"value", or_null(paper.origin_value)},
          {"spread", or_null(paper.origin_spread)},
          {"runs", or_null(paper.origin_runs)}};
}

static Json interval_json(const std::optional<Interval>& range) {
  return range ? Json{range->low, range->high} : Json();
}

/// Whether a cell gives the paper's figure; null at scales other than its own.
static Json judged_json(const std::optional<JudgedCell>& judged) {
  if (!judged) return {};
  return {{"verdict", name(judged->verdict)},
          {"off_ci90", interval_json(judged->off)},
          {"margin", judged->margin.value},
          {"margin_source", judged->margin.source},
          {"more_seeds", judged->more_seeds}};
}

/// What a paired test of two rows is over; null where the test is not paired.
static Json paired_json(const JudgedClaim& judged, const JudgedComparison& one) {
  if (!one.paired || !one.effect) return {};
  return {{"rows", {one.first, one.second}}, {"over", {"seeds", "pictures"}},
          {"seeds", one.paired->seeds},      {"pictures", one.paired->pictures},
          {"effect", one.effect->value},     {"standard_error", one.effect->standard_error},
          {"degrees", one.effect->degrees},  {"ci90", interval_json(judged.shown_interval(one))}};
}

static Json comparison_json(const JudgedClaim& judged, const JudgedComparison& one) {
  return {{"first", one.first},
          {"second", one.second},
          {"column", words_or_null(one.column)},
          {"verdict", name(one.verdict)},
          {"reason", words_or_null(one.reason)},
          {"effect", one.effect ? Json(judged.shown_effect(one)) : Json()},
          {"ci90", interval_json(judged.shown_interval(one))},
          {"seeds", {one.first_seeds, one.second_seeds}},
          {"runs", one.runs},
          {"paired", paired_json(judged, one)}};
}

Json to_json(const JudgedClaim& judged) {
  const Claim& claim = judged.claim;
  Json comparisons = Json::array();
  for (const JudgedComparison& one : judged.comparisons)
    comparisons.push_back(comparison_json(judged, one));
  return {{"id", claim.id},
          {"sentence", claim.sentence},
          {"place", claim.place},
          {"table", claim.table},
          {"scale", judged.scale},
          {"kind", name(claim.kind)},
          {"by", claim.by},
          {"margin", claim.margin ? Json(claim.margin->value) : Json()},
          {"margin_source", claim.margin ? Json(claim.margin->source) : Json()},
          {"judged_as", judged.as_order ? "order" : name(claim.kind)},
          {"unit", judged.unit},
          {"verdict", name(judged.verdict)},
          {"reason", words_or_null(judged.reason)},
          {"next", words_or_null(lay_out(judged).next)},
          {"more_seeds", judged.more_seeds},
          {"comparisons", comparisons}};
}

static Json list_json(const std::vector<JudgedClaim>& claims) {
  Json list = Json::array();
  for (const JudgedClaim& judged : claims) list.push_back(to_json(judged));
  return list;
}

std::string claims_json(const std::vector<JudgedClaim>& claims, const std::string& scale) {
  const Json json = {{"schema_version", 1},
                     {"scale", scale},
                     {"summary", summary_text(claims, scale)},
                     {"claims", list_json(claims)}};
  return json.dump(2) + "\n";
}

static Json measured_on_json(const MeasuredOn& on) {
  const auto texts = [](const std::vector<CellFact>& facts) {
    Json list = Json::array();
    for (const CellFact& fact : facts) list.push_back(fact.text);
    return list;
  };
  return {{"planned", on.planned},
          {"data", texts(on.data)},
          {"networks", texts(on.networks)},
          {"trainings", texts(on.trainings)},
          {"seeds", on.seeds},
          {"processors", texts(on.processors)},
          {"text", text(on)}};
}

static Json cell_json(const ReportCell& cell) {
  const Published nothing;
  const Published& paper = cell.paper ? *cell.paper : nothing;
  return {{"column", cell.column},
          {"paper", or_null(paper.value)},
          {"paper_text", words_or_null(paper.text)},
          {"paper_spread", or_null(paper.spread)},
          {"origin", origin_json(paper)},
          {"note", words_or_null(paper.note)},
          {"measured", measured_json(cell.measured)},
          {"structural", or_null(cell.structural)},
          {"runs", cell.runs},
          {"state", state_text(cell)},
          {"reason", words_or_null(cell.reason)},
          {"pending_seeds", cell.pending_seeds},
          {"grade", cell.measured ? Json(name(cell.grade)) : Json()},
          {"judged", judged_json(cell.judged)}};
}

static Json column_json(const TableColumn& column) {
  return {{"name", column.name},
          {"title", column.title},
          {"kind", name(column.kind)},
          {"metric", words_or_null(column.metric)},
          {"spread_metric", words_or_null(column.spread_metric)},
          {"unit", column.unit},
          {"decimals", column.decimals}};
}

/// A run with all that is needed to judge or repeat it, without its curves.
static Json record_json(const RunRecord& record) {
  Json json = to_json(record);
  for (const char* key : {"format", "curves", "weights_file"}) json.erase(key);
  return json;
}

static Json origins_json(const ReportTable& table) {
  Json origins = Json::object();
  for (const auto& [id, origin] : table.origins)
    origins[id] = {{"title", origin.title}, {"protocol", origin.protocol}};
  return origins;
}

static Json drawn_json(const Drawn& drawn) {
  Json pictures = Json::array(), maps = Json::array();
  for (const DrawnPicture& picture : drawn.pictures)
    pictures.push_back({{"row", picture.row},
                        {"run", text(picture.run)},
                        {"file", picture.file},
                        {"sha256", picture.sha256}});
  for (const DrawnMap& map : drawn.maps)
    maps.push_back({{"row", map.row}, {"title", title_of(map)}, {"values", map.values}});
  return {{"pictures", pictures}, {"maps", maps}};
}

Json to_json(const ReportTable& table) {
  Json columns = Json::array(), rows = Json::array(), records = Json::array();
  for (const TableColumn& column : table.columns) columns.push_back(column_json(column));
  for (const ReportRow& row : table.rows) {
    Json cells = Json::array();
    for (const ReportCell& cell : row.cells) cells.push_back(cell_json(cell));
    rows.push_back({{"group", words_or_null(row.group)},
                    {"label", row.label},
                    {"note", row.note},
                    {"cells", cells}});
  }
  for (const RunRecord& record : table.records) records.push_back(record_json(record));
  const CellCount progress = count_cells(table);
  return {{"id", table.id},
          {"title", table.title},
          {"scale", table.scale},
          {"measured_on", measured_on_json(table.measured_on)},
          {"note", table.note},
          {"spread", words_or_null(table.spread)},
          {"deviations", table.deviations},
          {"progress",
           {{"done", progress.done}, {"all", progress.all}, {"unavailable", progress.unavailable}}},
          {"columns", columns},
          {"rows", rows},
          {"origins", origins_json(table)},
          {"drawn", drawn_json(table.drawn)},
          {"claims", list_json(table.claims)},
          {"records", records}};
}

std::string render_json(const std::vector<ReportTable>& tables) {
  Json json = {{"schema_version", 1}, {"tables", Json::array()}};
  for (const ReportTable& table : tables) json["tables"].push_back(to_json(table));
  return json.dump(2) + "\n";
}

}  // namespace mra
