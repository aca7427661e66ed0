#include "harness/run/held_folder.h"

#include <fmt/format.h>

#include "harness/run/run_files.h"

namespace mra {

void ingest(const RunRecord& record, const LaunchParts& parts) {
  if (parts.store.ingest(record) == Ingested::kConflict)
    parts.note(text(RunId{record.key, record.seed}) +
               ": the database holds another result of this run, and keeps that one");
}

HeldFolder::HeldFolder(const PlannedRun& run, const LaunchParts& parts)
    : run_(run),
      parts_(parts),
      directory_(RunDirectory::path_of(parts.options.workspace, run.id)),
      lock_(RunLock::try_take(directory_)) {}

void HeldFolder::lock_again() {
  lock_.reset();
  lock_ = RunLock::try_take(directory_);
}

void HeldFolder::clear_the_way() {
  for (const std::string& moved : mra::clear_the_way(directory_, run_.id)) parts_.note(moved);
}

void HeldFolder::leave_other_inputs() {
  if (!parts_.options.present_inputs || !run_.trains() || run_.redo) return;
  const auto present = parts_.options.present_inputs();
  parts_.store.count_only_with(present);
  if (!parts_.store.outdated(run_.id).empty() && !std::filesystem::exists(directory_.record_file()))
    keep_record_beside(directory_, *parts_.store.run(run_.id));
  const std::string why = present->difference(inputs_in(directory_));
  if (why.empty()) return;
  parts_.note(fmt::format("{}: {}; kept as {}", text(run_.id), why,
                          keep_beside(directory_).filename().string()));
  if (take_back(directory_, *present))
    parts_.note(text(run_.id) + ": its earlier result with the current contents is used again");
  lock_again();
}

void HeldFolder::leave_result() {
  parts_.note(fmt::format("{}: moved to {}", text(run_.id), move_aside(directory_).string()));
  parts_.store.remove(run_.id);
  lock_again();
}

std::optional<ExecutedRun> HeldFolder::ended_before(bool failed_now) {
  if (const auto record = whole_record(directory_, run_.id, parts_.note);
      record && is_done(run_, *record)) {
    ingest(*record, parts_);
    return ended(Outcome::kDone, record->wall_s);
  }
  if (failed_now && ended_with_failure(directory_))
    return ended(Outcome::kFailed, 0, directory_.reason());
  return std::nullopt;
}

}  // namespace mra
