#include "harness/cli/console_progress.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "harness/base/tell.h"
#include "harness/base/wait_text.h"
#include "harness/cli/output.h"

namespace mra {

static constexpr double kPlainLineEvery_s = 60;

static std::string label_of(const PlannedRun& run) {
  return fmt::format("{} seed {}{}", run.experiment.name, run.id.seed,
                     run.trains() ? "" : ", judging");
}

std::string live_text(const std::string& place, const std::string& label,
                      const ProgressUpdate& update, size_t width) {
  constexpr size_t kLeastLabel = 8;
  const bool trains = update.epochs > 0;  // else it is judged
  std::string epoch, loss, rate, waiting, left;
  if (trains) epoch = fmt::format("  epoch {}/{}", update.epoch, update.epochs);
  if (trains && update.images_per_s > 0) loss = fmt::format("  loss {:.3f}", update.loss);
  if (trains && update.images_per_s > 0)
    rate = fmt::format("  {:.0f} images/s", update.images_per_s);
  if (!rate.empty()) waiting = wait_text(update.data_wait_frac);
  if (trains && update.left_s >= 0) left = fmt::format("  {} left", short_duration(update.left_s));
  const auto room_beside = [&](const std::string& others) {
    const size_t used = columns_of(place + " " + others);
    return width - std::min(width, used);
  };
  if (room_beside(epoch + loss + rate + waiting + left) < columns_of(label)) waiting.clear();
  if (room_beside(epoch + loss + rate + waiting + left) < columns_of(label)) rate.clear();
  if (room_beside(epoch + loss + rate + left) < std::min(kLeastLabel, columns_of(label)))
    epoch.clear();
  const std::string others = epoch + loss + rate + waiting + left;
  return fitted(place + " " + fitted(label, room_beside(others)) + others, width);
}

ConsoleProgress::ConsoleProgress(std::filesystem::path workspace, std::function<size_t()> width,
                                 bool color, Detail detail)
    : workspace_(std::move(workspace)), width_(std::move(width)), color_(color), detail_(detail) {}

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
  if (width_() == 0 || detail_ == Detail::kVerbose)
    say(fmt::format("{} {}  started{}", line.place, line.label, detail));
  active_[run.id] = std::move(line);
  show_live_line();
}

void ConsoleProgress::progress(const PlannedRun& run, size_t, size_t,
                               const ProgressUpdate& update) {
  Line& line = active_[run.id];
  line.update = update;
  if (width_() > 0) return show_live_line();
  if (watch_.elapsed_s() - line.told_s < kPlainLineEvery_s) return;
  line.told_s = watch_.elapsed_s();
  say(live_text(line.place, line.label, update, std::string::npos));
}

void ConsoleProgress::run_waiting(const PlannedRun& run) {
  say(fmt::format("{}: another process is running it; waiting for its result", label_of(run)));
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
  // A full line would make the terminal go on to the next.
  const size_t width = width_() - std::min<size_t>(width_(), 1);
  if (width == 0 || detail_ == Detail::kQuiet || active_.empty()) return;
  const size_t share = (width + 2) / active_.size() - 2;  // two spaces between runs
  std::string text;
  for (const auto& [id, line] : active_) {
    const std::string done = fmt::format(" {:.0f} %", 100 * line.update.done_frac);
    const size_t most = share - std::min(share, columns_of(line.place + " " + done));
    if (!text.empty()) text += "  ";
    text += active_.size() == 1 ? live_text(line.place, line.label, line.update, width)
                                : line.place + " " + fitted(line.label, most) + done;
  }
  text = fitted(text, width);
  erase_live_line();
  tell("{}", text);
  std::fflush(stderr);
  live_columns_ = columns_of(text);
}

/// A terminal that became narrower has wrapped the line: it now begins some lines higher.
void ConsoleProgress::erase_live_line() {
  if (live_columns_ == 0) return;
  const size_t width = std::max<size_t>(width_(), 1);
  for (size_t wrapped = (live_columns_ - 1) / width; wrapped > 0; --wrapped) tell("\r\033[K\033[A");
  tell("\r\033[K");
  live_columns_ = 0;
}

}  // namespace mra
