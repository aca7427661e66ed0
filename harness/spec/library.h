#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/spec/claim.h"
#include "harness/spec/experiment.h"
#include "harness/spec/experiment_folders.h"
#include "harness/spec/layered_spec.h"
#include "harness/spec/statement.h"
#include "harness/spec/table.h"

namespace mra {

/// The folders of experiments: every spec by name, resolved at a scale. A resolved spec is merged
/// in this order, later parts over earlier ones: the file with its "extends" chain; the scale's
/// patch for its task; the file's own "at" patch for the scale; "with" and "at" of the table row;
/// "with" and "at" of the column. Files are kept once read, and this is not locked: use it in one
/// thread.
class SpecLibrary {
 public:
  /// `overrides`: {pointer, value} pairs of --set, applied last to every experiment of a table.
  explicit SpecLibrary(ExperimentFolders folders,
                       std::vector<std::pair<std::string, Json>> overrides = {});
  /// With one folder alone.
  explicit SpecLibrary(const std::filesystem::path& root,
                       std::vector<std::pair<std::string, Json>> overrides = {})
      : SpecLibrary(ExperimentFolders({root}), std::move(overrides)) {}

  /// As the paper numbers them: tables, then figures.
  const std::vector<std::string>& table_ids() const { return table_ids_; }
  const std::vector<std::string>& scales() const { return scales_; }  ///< smoke, mini, paper
  const ExperimentFolders& folders() const { return folders_; }

  /// A table at a scale, its rows resolved. An unknown id or scale is an Error with the nearest.
  TableSpec table(const std::string& id, const std::string& scale) const;

  /// An experiment by its file's name, "pretrain/mae_mini_r40".
  ExperimentSpec experiment(const std::string& name, const std::string& scale) const;

  /// The claims of all claims.json, in the order of their tables.
  std::vector<Claim> claims() const;
  /// An Error when a claim names what its table, at any scale, has not.
  void check_claim(const Claim& claim) const;

  /// The numbers that the paper's text states: those of all statements.json.
  std::vector<Statement> statements() const;
  /// The publications that figures were taken from.
  std::map<std::string, Origin> origins() const;

 private:
  using NameAndScale = std::pair<std::string, std::string>;

  static void check_known(const std::string& name, const std::string& what,
                          const std::vector<std::string>& known);
  const Json& file(const std::string& name) const;     ///< "scales/mini.json", parsed once
  const Json& entries(const std::string& name) const;  ///< of "datasets.json", likewise
  std::string path_of(const std::string& file) const { return folders_.path_of(file).string(); }
  const Json& scale_patches(const std::string& scale) const;
  void add_scale_patch(LayeredSpec& spec, const std::string& file, const std::string& pointer,
                       const Json& at, const std::string& scale) const;
  const LayeredSpec& resolve(const std::string& name, const std::string& scale,
                             const std::string& from) const;
  ExperimentSpec finish(const LayeredSpec& spec, const std::string& name,
                        const std::string& scale) const;
  void fill_dependencies(Json& node, const std::string& pointer, const std::string& scale,
                         std::vector<Dependency>& found) const;

  const ExperimentSpec& resolved(const std::string& name, const std::string& scale,
                                 const std::string& from) const;
  LayeredSpec row_spec(const ReadTable& read, size_t row) const;
  void add_row_experiments(ReadTable& read, size_t row) const;
  void fill_structural(TableSpec& table, TableRow& row) const;

  ExperimentFolders folders_;
  std::vector<std::pair<std::string, Json>> overrides_;
  std::vector<std::string> table_ids_, scales_;
  // What was read stays read: the folder does not change while a command runs. One thread only.
  mutable std::map<std::string, Json> files_;
  mutable std::map<NameAndScale, LayeredSpec> bases_;
  mutable std::map<NameAndScale, ExperimentSpec> experiments_;
  mutable std::vector<std::string> resolving_;  ///< experiments of which each needs the next
};

}  // namespace mra
