#include "harness/worker/execute.h"

#include <gtest/gtest.h>

#include "baselines/augment/augmentor_file.h"
#include "harness/base/build_info.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/model/state_dict.h"
#include "harness/record/evidence.h"
#include "harness/train/device.h"
#include "harness/worker/probe_command.h"
#include "tests/worker/tiny_worker_run.h"

namespace mra {

namespace fs = std::filesystem;

using Execute = TinyWorkerRun;

TEST_F(Execute, LeavesARecordWithWeightsThatMatchIt) {
  const RunDirectory directory = prepare(row("Baseline"), "baseline");
  ASSERT_EQ(run(directory), 0);
  const auto record = directory.record();
  ASSERT_TRUE(record.has_value());
  EXPECT_TRUE(record->metrics.contains("top1"));
  EXPECT_EQ(record->curves.at("train_loss").size(), 2u);
  EXPECT_FALSE(record->environment["program"]["compiler"].get<std::string>().empty());
  EXPECT_FALSE(fs::exists(directory.checkpoint_file()));
}

TEST_F(Execute, RecordsWhereAResultComesFrom) {
  setenv("HARNESS_STARTED_BY", R"({"command_line": ["harness", "run"]})", 1);
  const RunDirectory directory = prepare(row("Baseline"), "baseline");
  ASSERT_EQ(run(directory), 0);
  unsetenv("HARNESS_STARTED_BY");
  const Json environment = directory.record()->environment;
  for (const char* place :
       {"/program/compiler", "/program/flags", "/libraries/libtorch", "/libraries/opencv",
        "/libraries/libjpeg", "/libraries/fmt", "/machine/cpu", "/device/kind", "/threads",
        "/command_line/0", "/dataset/name", "/started_by/command_line/1"})
    EXPECT_TRUE(environment.contains(Json::json_pointer(place))) << place;
  EXPECT_EQ(environment["dataset"]["train_pictures"], 96);
  EXPECT_EQ(environment["dataset"]["manifest_sha256"].get<std::string>().size(), 64u);
  EXPECT_EQ(environment["determinism"], "strict");
  const double waited_s = environment["data_wait_s"];
  EXPECT_GT(waited_s, 0);
  EXPECT_LE(waited_s, directory.record()->wall_s);
  EXPECT_EQ(Json::parse(read_file(directory.environment_file())), environment);
  const std::string patch = build_info().patch;
  EXPECT_EQ(fs::exists(directory.patch_file()), !patch.empty());
  EXPECT_EQ(environment["program"]["patch_sha256"], patch.empty() ? Json() : Json(sha256(patch)));
}

TEST_F(Execute, ResultsDoNotDependOnLoaderThreads) {
  const RunDirectory first = prepare(row("Baseline"), "none");
  const RunDirectory second = prepare(row("Baseline"), "two");
  ASSERT_EQ(run(first, 0), 0);
  ASSERT_EQ(run(second, 2), 0);
  EXPECT_EQ(first.record()->weights_sha256, second.record()->weights_sha256);
  EXPECT_EQ(first.record()->metrics, second.record()->metrics);
}

TEST_F(Execute, AStoppedRunGoesOnToTheSameResult) {
  const RunDirectory straight = prepare(row("Baseline"), "straight");
  const RunDirectory stopped = prepare(row("Baseline"), "stopped");
  ASSERT_EQ(run(straight), 0);
  ASSERT_EQ(run(stopped, 0, {}, /*stop=*/true), 75);
  EXPECT_FALSE(stopped.record().has_value());
  ASSERT_EQ(run(stopped), 0);
  EXPECT_EQ(straight.record()->weights_sha256, stopped.record()->weights_sha256);
  EXPECT_EQ(straight.record()->evidence_sha256, stopped.record()->evidence_sha256);
}

TEST_F(Execute, ARecordTellsThatSomeAttemptPromisedNoEqualBits) {
  const RunDirectory directory = prepare(row("Baseline"), "fast");
  ExecuteOptions fast = options_of(directory);
  fast.determinism = "fast";
  fast.until_step = 2;
  const std::atomic<bool> go_on{false};
  ASSERT_EQ(execute(fast, go_on), 75);
  ASSERT_EQ(run(directory), 0);
  EXPECT_EQ(directory.record()->environment["determinism"], "fast");
}

TEST_F(Execute, KeepsWhichValidationPicturesTheModelGotRight) {
  const RunDirectory directory = prepare(row("Baseline"), "baseline");
  ASSERT_EQ(run(directory), 0);
  const auto record = directory.record();
  EXPECT_EQ(sha256_file(directory.evidence_file()), record->evidence_sha256);
  const Evidence evidence = evidence_from_bytes(record->evidence, "");
  EXPECT_EQ(evidence.pictures, 40);
  EXPECT_EQ(evidence.split, "val");
  EXPECT_EQ(evidence.dataset, record->environment["dataset"]["name"]);
  EXPECT_EQ(evidence.manifest_sha256, record->environment["dataset"]["manifest_sha256"]);
  EXPECT_EQ(evidence.right.size(), 2u);
  const RunDirectory augmentor = prepare(pretraining(), "augmentor");
  ASSERT_EQ(run(augmentor), 0);
  EXPECT_EQ(augmentor.record()->evidence_sha256, "");
}

TEST_F(Execute, AnAugmentorIsTakenFromItsRun) {
  const RunDirectory augmentor = prepare(pretraining(), "augmentor");
  ASSERT_EQ(run(augmentor), 0);
  EXPECT_TRUE(augmentor.record()->metrics.contains("reconstruction_mse"));
  const Json spec = row("Mask Low");
  const std::string key =
      spec["batch_transforms"][0]["mra"]["weights"].get<std::string>().substr(4);
  EXPECT_EQ(run(prepare(spec, "low"), 0, {{key, augmentor.weights_file()}}), 0);
}

TEST_F(Execute, PublishedWeightsBecomeARunLikeAnyOther) {
  const RunDirectory trained = prepare(pretraining(), "trained");
  ASSERT_EQ(run(trained), 0);
  const StateDict weights = read_weights(trained.weights_file());
  fs::create_directories(folder_ / "data/weights");
  write_weights(folder_ / "data/weights/theirs.pth", weights);
  Json spec = pretraining();
  spec.erase("recipe");
  spec["task"] = "published_weights";
  spec["task_options"]["weights"] = "file:theirs.pth";
  const RunDirectory directory = prepare(spec, "published");
  EXPECT_EQ(run(directory), exit_code(ErrorKind::kEnvironment));
  EXPECT_NE(directory.reason().find("'theirs.pth' are not found"), std::string::npos);
  ExecuteOptions options = options_of(directory);
  options.data_dirs = {folder_ / "data"};
  ASSERT_EQ(execute(options, false), 0);
  EXPECT_EQ(directory.record()->attempts, 2);
  const StateDict recorded = read_weights(directory.path() / directory.record()->weights_file);
  for (const auto& [name, tensor] : weights) EXPECT_TRUE(tensor.equal(recorded.at(name))) << name;
  EXPECT_EQ(read_augmentor(directory.weights_file(), SpecReader(Json::object(), "")).hidden_frac,
            spec["task_options"]["hidden_frac"]);
}

TEST_F(Execute, MissingWeightsAreNamed) {
  const RunDirectory directory = prepare(row("Mask Low"), "low");
  EXPECT_EQ(run(directory), 1);
  EXPECT_NE(directory.reason().find("weights of run:"), std::string::npos);
  EXPECT_EQ(directory.state(), RunState::kFailed);
}

TEST_F(Execute, AnUnknownOptionOfAMethodIsAMistakeOfTheSpec) {
  const RunDirectory augmentor = prepare(pretraining(), "augmentor");
  ASSERT_EQ(run(augmentor), 0);
  Json spec = row("Mask Low");
  Json& options = spec["batch_transforms"][0]["mra"];
  const std::string key = options["weights"].get<std::string>().substr(4);
  const auto reason = [&](const char* patch) {
    Json changed = spec;
    changed["batch_transforms"][0]["mra"].merge_patch(Json::parse(patch));
    const RunDirectory directory = prepare(changed, "changed");
    fs::remove(directory.journal_file());
    EXPECT_EQ(run(directory, 0, {{key, augmentor.weights_file()}}), 2) << patch;
    return directory.reason();
  };
  EXPECT_NE(reason(R"({"hidden_fraction": 0.5})").find("/batch_transforms/0/mra/hidden_fraction"),
            std::string::npos);
  EXPECT_NE(reason(R"({"hidden_frac": 1.0})").find("leaves none visible"), std::string::npos);
  EXPECT_NE(reason(R"({"attn_reduce": "head:99"})").find("head:99"), std::string::npos);
  EXPECT_NE(reason(R"({"hide": "lwo"})").find("lwo"), std::string::npos);
}

TEST_F(Execute, AProbeSavesItsBatchesAndLeavesTheRunAsItWas) {
  const RunDirectory directory = prepare(row("Baseline"), "probed");
  const fs::path saved = folder_ / "steps.safetensors";
  testing::internal::CaptureStdout();
  ASSERT_EQ(probe_run({.directory = directory.path(),
                       .device = "cpu",
                       .threads = 1,
                       .loader_threads = 0,
                       .data_dirs = {},
                       .inputs = {}},
                      {.steps = 4, .warmup_steps = 1}, saved),
            0);
  const Json report = Json::parse(testing::internal::GetCapturedStdout());
  EXPECT_EQ(report["losses"].size(), 4u);
  EXPECT_GT(report["images_per_s"].get<double>(), 0);
  const StateDict kept = read_weights(saved);
  EXPECT_EQ(kept.at("batch/0003/images").sizes(), (std::vector<int64_t>{32, 3, 32, 32}));
  EXPECT_EQ(kept.at("batch/0000/targets").sizes(), (std::vector<int64_t>{32, 10}));
  EXPECT_EQ(directory.state(), RunState::kPending);
  EXPECT_FALSE(fs::exists(directory.journal_file()));
}

TEST_F(Execute, ASpecThatIsNotThatOfItsKeyIsRefused) {
  const RunDirectory directory = prepare(row("Baseline"), "baseline");
  Json request = Json::parse(read_file(directory.spec_file()));
  request["spec"]["recipe"]["lr"] = 0.5;
  write_file_atomically(directory.spec_file(), request.dump());
  EXPECT_EQ(run(directory), 5);
}

TEST_F(Execute, ADivergedRunFailsAndLeavesNoRecord) {
  Json spec = row("Baseline");
  spec["recipe"]["lr"] = 1e6;
  const RunDirectory directory = prepare(spec, "diverged");
  EXPECT_EQ(run(directory), 1);
  EXPECT_FALSE(directory.record().has_value());
  EXPECT_NE(directory.reason().find("step"), std::string::npos) << directory.reason();
}

TEST_F(Execute, AGpuThatIsNotThereIsAnErrorOfTheMachine) {
  if (cuda_device_count() > 0) GTEST_SKIP() << "this machine has a GPU";
  const RunDirectory directory = prepare(row("Baseline"), "baseline");
  const std::atomic<bool> stop{false};
  EXPECT_EQ(
      execute({.directory = directory.path(), .device = "cuda", .data_dirs = {}, .inputs = {}},
              stop),
      6);
}

}  // namespace mra
