#include "harness/cli/console_progress.h"

#include <cstdio>

#include <fmt/format.h>

#include "harness/base/tell.h"
#include "harness/cli/output.h"

namespace mra {

static constexpr double kPlainLineEvery_s = 60;

static std::string label_of(const PlannedRun& run) {
  return fmt::format("{} seed {}{}", run.experiment.name, run.id.seed,
                     run.trains() ? "" : ", judging");
}

std::string progress_text(const ProgressUpdate& update) {
  if (update.epochs == 0) return "";  // it is judged, not trained
  std::string text = fmt::format("epoch {}/{}", update.epoch, update.epochs);
  if (update.images_per_s > 0)
    text += fmt::format("  loss {:.3f}  {:.0f} images/s", update.loss, update.images_per_s);
  if (update.left_s >= 0) text += fmt::format("  {} left", short_duration(update.left_s));
  return text;
}

ConsoleProgress::ConsoleProgress(std::filesystem::path workspace, size_t width, bool color,
                                 Detail detail)
    : workspace_(std::move(workspace)), width_(width), color_(color), detail_(detail) {}

ConsoleProgress::~ConsoleProgress() {
  erase_live_line();
}

void ConsoleProgress::run_started(const PlannedRun& run, size_t number, size_t count) {
  Line line{fmt::format("[{}/{}]", number, count), label_of(run), {}, watch_.elapsed_s()};
  line.update.epochs = run.trains() ? run.experiment.recipe.epochs : 0;
  const std::string detail =
      detail_ == Detail::kVerbose
          ? fmt::format("  ({})", RunDirectory::path_of(workspace_, run.id).string())
          : "";
  if (width_ == 0 || detail_ == Detail::kVerbose)
    say(fmt::format("{} {}  started{}", line.place, line.label, detail));
  active_[run.id] = std::move(line);
  show_live_line();
}

void ConsoleProgress::progress(const PlannedRun& run, size_t, size_t,
                               const ProgressUpdate& update) {
  Line& line = active_[run.id];
  line.update = update;
  if (width_ > 0) return show_live_line();
  if (watch_.elapsed_s() - line.told_s < kPlainLineEvery_s) return;
  line.told_s = watch_.elapsed_s();
  say(fmt::format("{} {}  {}", line.place, line.label, progress_text(update)));
}

void ConsoleProgress::run_waiting(const PlannedRun& run) {
  say(fmt::format("{}: another process is at it; waiting for its result", label_of(run)));
}

void ConsoleProgress::run_ended(const PlannedRun& run, const ExecutedRun& executed) {
  const auto line = active_.find(run.id);
  const std::string place = line == active_.end() ? "" : line->second.place + " ";
  if (line != active_.end()) active_.erase(line);
  std::string text = fmt::format("{}{}  {}", place, label_of(run), name(executed.outcome));
  if (executed.outcome == Outcome::kDone) {
    text += executed.by_another_process ? " by another process"
                                        : " in " + short_duration(executed.wall_s);
  } else if (!executed.reason.empty()) {
    text += ": " + executed.reason;
  }
  const bool bad = executed.outcome == Outcome::kFailed || executed.outcome == Outcome::kDied;
  if (bad) {
    text = colored(text, Color::kRed, color_);
    if (!executed.cure.empty()) text += "\n  fix: " + executed.cure;
    const RunDirectory directory(RunDirectory::path_of(workspace_, run.id));
    text += "\n  log: " + directory.log_file().string();
  }
  if (bad && detail_ == Detail::kQuiet) tell("{}\n", text);
  say(text);
  show_live_line();
}

void ConsoleProgress::stopping(const std::string& why) {
  say(why + ": writing checkpoints (Ctrl-C again stops at once)");
}

void ConsoleProgress::note(const std::string& message) {
  say("note: " + message);
}

void ConsoleProgress::say(const std::string& text) {
  if (detail_ == Detail::kQuiet) return;
  erase_live_line();
  tell("{}\n", text);
}

/// One run at work is told in full, several share the line.
void ConsoleProgress::show_live_line() {
  if (width_ == 0 || detail_ == Detail::kQuiet || active_.empty()) return;
  std::string text;
  for (const auto& [id, line] : active_) {
    if (!text.empty()) text += "  ";
    text +=
        active_.size() == 1
            ? fmt::format("{} {}  {}", line.place, line.label, progress_text(line.update))
            : fmt::format("{} {} {:.0f} %", line.place, line.label, 100 * line.update.done_frac);
  }
  // A full line would make the terminal go on to the next, which could not be written over.
  tell("\r\033[K{}", fitted(text, width_ - 1));
  std::fflush(stderr);
  live_line_shown_ = true;
}

void ConsoleProgress::erase_live_line() {
  if (live_line_shown_) tell("\r\033[K");
  live_line_shown_ = false;
}

}  // namespace mra
