#pragma once

#include <functional>
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
  /// `width` returns the columns that the terminal has now, 0: there is none. `workspace` is named
  /// where a log is to be read.
  ConsoleProgress(std::filesystem::path workspace, std::function<size_t()> width, bool color,
                  Detail detail);
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
  std::function<size_t()> width_;
  bool color_;
  Detail detail_;
  Stopwatch watch_;
  std::map<RunId, Line> active_;
  size_t live_columns_ = 0;  ///< of the live line as it was drawn last; 0: none is shown
};

/// "[2/5] table6/Mask Low seed 0  epoch 3/16  loss 2.314  1874 images/s  5m12s left", as far as it
/// is known, in at most `width` columns: first the rate goes, then the label is cut, then the epoch
/// goes.
std::string live_text(const std::string& place, const std::string& label,
                      const ProgressUpdate& update, size_t width);

}  // namespace mra
