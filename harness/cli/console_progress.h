#pragma once

#include <map>
#include <string>

#include "harness/base/stopwatch.h"
#include "harness/run/launch.h"

namespace mra {

/// Tells on stderr how runs go: on a terminal one line that is written over, elsewhere a line when
/// a run starts or ends and one a minute.
class ConsoleProgress : public LaunchObserver {
 public:
  enum class Detail { kQuiet, kNormal, kVerbose };
  /// `width`: columns of the terminal, 0: none. `workspace` is named where a log is to be read.
  ConsoleProgress(std::filesystem::path workspace, size_t width, bool color, Detail detail);
  ~ConsoleProgress() override;

  void run_started(const PlannedRun& run, size_t number, size_t count) override;
  void progress(const PlannedRun& run, size_t number, size_t count,
                const ProgressUpdate& update) override;
  void run_waiting(const PlannedRun& run) override;
  void run_ended(const PlannedRun& run, const ExecutedRun& executed) override;
  void stopping(const std::string& why) override;
  void note(const std::string& message) override;

 private:
  /// A run at work, as the live line shows it.
  struct Line {
    std::string place;  ///< "[2/5]"
    std::string label;  ///< "table6/Mask Low seed 0"
    ProgressUpdate update;
    double told_s = 0;  ///< when a plain line was last written
  };
  void say(const std::string& text);
  void show_live_line();
  void erase_live_line();

  std::filesystem::path workspace_;
  size_t width_;
  bool color_;
  Detail detail_;
  Stopwatch watch_;
  std::map<RunId, Line> active_;
  bool live_line_shown_ = false;
};

/// "epoch 3/16  loss 2.314  1874 images/s  5m12s left", as far as it is known.
std::string progress_text(const ProgressUpdate& update);

}  // namespace mra
