// Results that rest on the contents of files, and files that change.
#include "tests/run/launch_fixture.h"

namespace mra {

/// A file "policies/p.json" that holds one word.
struct OneFile : Inputs {
  explicit OneFile(std::string contents) : contents(std::move(contents)) {}
  std::optional<std::string> sha256(const Json& input) const override {
    if (input.contains("policy")) return contents;
    return std::nullopt;
  }
  std::string contents;
};

class LaunchWithInputs : public Launch {
 protected:
  LaunchWithInputs() {
    options.present_inputs = [this] { return std::make_shared<OneFile>(contents); };
  }
  /// A run whose result rests on the file as it is now.
  PlannedRun run_on(double top1, const std::string& snippet = "succeed") {
    const PlannedRun run = worker.run("a", snippet);
    RunRecord record = tiny_record("a", 0, top1);
    record.weights_sha256 = mra::sha256("weights");
    record.environment["inputs"] = {{{"policy", "p"}, {"sha256", contents}}};
    std::ofstream(worker.folder() / (text(run.id).substr(2) + ".json")) << to_json(record);
    return run;
  }
  double top1(const PlannedRun& run) const { return store.run(run.id)->metrics.at("top1"); }
  size_t kept() const {
    size_t folders = 0;
    for (const auto& entry : fs::recursive_directory_iterator(options.workspace / "runs"))
      folders += entry.path().filename().string().find(".inputs-") != std::string::npos;
    return folders;
  }

  std::string contents = "one";
};

TEST_F(LaunchWithInputs, AResultOfOtherContentsIsMadeAgainAndKept) {
  EXPECT_EQ(exit_code(go({run_on(50)})), 0);
  const PlannedRun run = run_on(50);
  go({run});
  EXPECT_EQ(worker.starts().size(), 1u);
  contents = "two";
  store.count_only_with(options.present_inputs());
  EXPECT_FALSE(store.has(run.id));
  EXPECT_EQ(store.outdated(run.id), "measured with other contents of policies/p.json");
  EXPECT_TRUE(store.values(run.id.key, "top1").empty());
  EXPECT_EQ(exit_code(go({run_on(60)})), 0);
  EXPECT_EQ(worker.starts().size(), 2u);
  EXPECT_EQ(top1(run), 60);
  EXPECT_TRUE(store.has(run.id));
  EXPECT_EQ(kept(), 1u);
  ASSERT_FALSE(seen.notes.empty());
  EXPECT_NE(seen.notes[0].find("other contents of policies/p.json; kept as"), std::string::npos);
}

TEST_F(LaunchWithInputs, TheResultOfContentsThatAreBackIsTakenBack) {
  go({run_on(50)});
  contents = "two";
  go({run_on(60)});
  contents = "one";
  const PlannedRun run = run_on(99);
  EXPECT_EQ(exit_code(go({run})), 0);
  EXPECT_EQ(worker.starts().size(), 2u);
  EXPECT_EQ(top1(run), 50);
  EXPECT_EQ(kept(), 1u);
  contents = "two";
  go({run});
  EXPECT_EQ(top1(run), 60);
}

TEST_F(LaunchWithInputs, AnInterruptedRunDoesNotGoOnWithOtherContents) {
  const std::string environment = R"({"inputs": [{"policy": "p", "sha256": "one"}]})";
  const PlannedRun run = run_on(50);
  fs::create_directories(directory(run).path());
  std::ofstream(directory(run).environment_file()) << environment;
  std::ofstream(directory(run).checkpoint_file()) << "half way";
  go({run_on(50, "[ -e \"$DIR/checkpoint.bin\" ] && succeed")});
  EXPECT_EQ(end_of(run).outcome, Outcome::kDone);
  contents = "two";
  fs::remove(directory(run).record_file());
  store.remove(run.id);
  go({run_on(60, "[ -e \"$DIR/checkpoint.bin\" ] || succeed")});
  EXPECT_EQ(end_of(run).outcome, Outcome::kDone);
  EXPECT_EQ(kept(), 1u);
}

TEST_F(LaunchWithInputs, ARowWhoseFolderIsGoneIsKeptAsAFolder) {
  const PlannedRun run = run_on(50);
  go({run});
  fs::remove_all(directory(run).path());
  contents = "two";
  go({run_on(60)});
  EXPECT_EQ(top1(run), 60);
  contents = "one";
  go({run});
  EXPECT_EQ(top1(run), 50);
}

TEST_F(LaunchWithInputs, ARecordWithoutDigestsCounts) {
  const PlannedRun run = worker.run("a");
  go({run});
  contents = "two";
  store.count_only_with(options.present_inputs());
  EXPECT_TRUE(store.has(run.id));
  go({run});
  EXPECT_EQ(worker.starts().size(), 1u);
}

}  // namespace mra
