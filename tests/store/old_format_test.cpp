#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/record/run_directory.h"
#include "harness/store/result_store.h"
#include "harness/store/schema.h"
#include "harness/store/work.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_run.h"

namespace mra {

namespace fs = std::filesystem;

/// A copy of tests/store/old_databases: v1.db, as version 0.1 of the program wrote it, of two seeds
/// of a row of Table 6 and a pretraining, and the records of these three runs.
class OldDatabase : public testing::Test {
 protected:
  OldDatabase() {
    fs::copy_file(old_workspace / "v1.db", file);
    fs::copy(old_workspace / "runs", dir / "runs", fs::copy_options::recursive);
    bytes = read_file(file);
  }

  /// The figures that were put in.
  static void expect_same_figures(const ResultStore& store) {
    using Values = std::vector<std::pair<int64_t, double>>;
    EXPECT_EQ(store.runs(),
              (std::vector<RunId>{{kPretraining, 0}, {kBaseline, 0}, {kBaseline, 1}}));
    EXPECT_EQ(store.values(kBaseline, "top1"), (Values{{0, 61.5}, {1, 62.125}}));
    EXPECT_EQ(store.values(kBaseline, "top5"), (Values{{0, 97.25}, {1, 97.5}}));
    EXPECT_EQ(store.values(kPretraining, "reconstruction_mse"), (Values{{0, 0.1}}));
    const auto run = store.run({kBaseline, 0});
    ASSERT_TRUE(run);
    EXPECT_EQ(run->curves.at("train_loss"), (Curve{{1, 2.25}, {2, 1.5}, {16, 0.75}}));
    EXPECT_EQ(run->curves.at("top1"), (Curve{{4, 40}, {16, 61.5}}));
    EXPECT_EQ(run->experiment, "table6/Baseline");
    EXPECT_EQ(experiment_key(run->spec), kBaseline);
    EXPECT_EQ(run->environment["machine"]["cpu"], "Example CPU");
    EXPECT_EQ(run->wall_s, 40);
    EXPECT_EQ(run->cpu_s, 140);
    EXPECT_EQ(run->weights_sha256, std::string(64, 'a'));
    EXPECT_TRUE(store.problems().empty());
  }
  fs::path backup() const { return file.string() + ".v1.bak"; }
  int64_t files_in_folder() const {
    return std::distance(fs::directory_iterator(dir.path()), fs::directory_iterator());
  }

  static constexpr char kBaseline[] = "fb4515cbabd67d7e";
  static constexpr char kPretraining[] = "864702a00221b65c";
  const fs::path old_workspace = fs::path(HARNESS_SOURCE_DIR) / "tests/store/old_databases";
  TempDir dir;
  const fs::path file = dir / "harness.db";
  std::string bytes;
};

TEST_F(OldDatabase, ReadingItShowsTheSameFiguresAndLeavesItAsItIs) {
  expect_same_figures(ResultStore::open_read_only(file));
  EXPECT_EQ(read_file(file), bytes);
  EXPECT_EQ(files_in_folder(), 2);  // and runs/
  EXPECT_THROW(ResultStore::open_read_only(file).ingest(tiny_record("b")), Error);
}

TEST_F(OldDatabase, WritingMakesItAnewAndKeepsTheOldOne) {
  {
    ResultStore store(file);
    expect_same_figures(store);
    EXPECT_EQ(store.ingest(tiny_record("b")), Ingested::kNew);
    EXPECT_EQ(store.runs().size(), 4u);
  }
  EXPECT_EQ(files_in_folder(), 3);
  SQLite::Database old(backup(), SQLite::OPEN_READONLY);
  EXPECT_EQ(schema_version(old), 1);
  EXPECT_EQ(old.execAndGet("SELECT count(*) FROM runs").getInt(), 3);
  EXPECT_EQ(old.execAndGet("SELECT count(*) FROM curves").getInt(), 10);
  expect_same_figures(ResultStore::open_read_only(backup()));
}

TEST_F(OldDatabase, ARunWithoutItsRecordIsInTheOldFileAlone) {
  fs::remove_all(RunDirectory::path_of(dir.path(), {kPretraining, 0}));
  testing::internal::CaptureStderr();
  EXPECT_EQ(ResultStore::open_read_only(file).runs().size(), 2u);
  EXPECT_EQ(ResultStore(file).runs().size(), 2u);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("1 runs of the older format 1 have no"),
            std::string::npos);
  SQLite::Database old(backup(), SQLite::OPEN_READONLY);
  EXPECT_EQ(old.execAndGet("SELECT count(*) FROM runs").getInt(), 3);
}

TEST_F(OldDatabase, OneMadeAnewHasTheTablesOfANewOne) {
  const auto tables = [](const fs::path& path) {
    ResultStore{path};
    SQLite::Database db(path, SQLite::OPEN_READONLY);
    SQLite::Statement query(db, "SELECT name, sql FROM sqlite_schema ORDER BY name");
    std::string all;
    while (query.executeStep())
      all += query.getColumn(0).getString() + query.getColumn(1).getText();
    return all;
  };
  EXPECT_EQ(tables(file), tables(dir / "new.db"));
}

TEST_F(OldDatabase, ABackupThatIsThereIsNotOverwritten) {
  write_file_atomically(backup(), "kept");
  { ResultStore store(file); }
  EXPECT_EQ(read_file(backup()), "kept");
  expect_same_figures(ResultStore::open_read_only(backup().string() + ".2"));
}

TEST_F(OldDatabase, AFailureLeavesTheOldOne) {
  SQLite::Database(file, SQLite::OPEN_READWRITE)
      .exec("CREATE VIEW specs AS SELECT 1");  // in the way
  EXPECT_THROW(ResultStore{file}, Error);
  SQLite::Database(file, SQLite::OPEN_READWRITE).exec("DROP VIEW specs");
  EXPECT_EQ(SQLite::Database(file).execAndGet("SELECT count(*) FROM curves").getInt(), 10);
  expect_same_figures(ResultStore(file));
}

/// Killed after `delay_us`, once or in the middle of it: what is there opens.
TEST_F(OldDatabase, AKilledProcessIsNoHarm) {
  for (int delay_us = 0; delay_us < 40'000; delay_us += 2'000) {
    write_file_atomically(file, bytes);
    const pid_t child = ::fork();
    if (child == 0) {
      std::freopen("/dev/null", "w", stderr);
      { ResultStore store(file); }
      ::_exit(0);
    }
    ::usleep(useconds_t(delay_us));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    expect_same_figures(ResultStore::open_read_only(file));
    expect_same_figures(ResultStore(file));
    fs::remove(file.string() + "-wal");
    fs::remove(file.string() + "-shm");
  }
  EXPECT_FALSE(fs::exists(backup().string() + ".2")) << "all backups are of the same database";
}

TEST_F(OldDatabase, ManyProcessesMakeItAnewAtOnce) {
  for (int process = 0; process < 4; ++process) {
    if (::fork() != 0) continue;
    int failures = 1;
    try {
      ResultStore store(file);
      failures = store.ingest(tiny_record("new", process)) != Ingested::kNew;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
    ::_exit(failures);
  }
  for (int process = 0, status = 0; process < 4; ++process) {
    ::wait(&status);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(ResultStore(file).runs().size(), 7u);
  EXPECT_FALSE(fs::exists(backup().string() + ".2"));
}

TEST_F(OldDatabase, ItsRunsGiveRates) {
  const ResultStore store(file);
  const auto run = store.run({kBaseline, 1});
  const auto rate = store.rate("Example CPU, 4 cores", work_of(run->spec), RateSource::kRun);
  ASSERT_TRUE(rate);
  const double pictures = 16 * 62 * 64;  // epochs, whole batches of 4000 pictures, batch size
  EXPECT_NEAR(rate->images_per_s, pictures / run->wall_s, 1e-9);
  EXPECT_EQ(rate->threads, 4);
  EXPECT_EQ(rate->basis, "of table6/Baseline s1");
}

TEST_F(OldDatabase, ARateTellsThatMuchOfItsTimeWentIntoWaiting) {
  RunRecord run = *ResultStore(file).run({kBaseline, 1});
  const auto basis = [&](double waited_frac) {
    run.environment["data_wait_s"] = waited_frac * run.wall_s;
    return rate_of(run)->basis;
  };
  EXPECT_EQ(basis(0.049), "of table6/Baseline s1");
  EXPECT_EQ(basis(0.124), "of table6/Baseline s1, 12 % of it waiting for pictures");
}

TEST_F(OldDatabase, ItsNearestSpecIsFound) {
  const auto store = ResultStore::open_read_only(file);
  Json spec = store.run({kBaseline, 0})->spec;
  spec["recipe"]["lr"] = 7;
  const auto nearest = store.nearest(spec);
  ASSERT_TRUE(nearest);
  EXPECT_EQ(nearest->id, (RunId{kBaseline, 0}));
  EXPECT_EQ(nearest->pointers, std::vector<std::string>{"/recipe/lr"});
}

/// What version 2 knew is there, and what it did not know can be added.
TEST_F(OldDatabase, OfVersion2TakesJudgements) {
  fs::copy_file(old_workspace / "v2.db", file, fs::copy_options::overwrite_existing);
  expect_same_figures(ResultStore::open_read_only(file));
  EXPECT_FALSE(ResultStore::open_read_only(file).judging_s("occlusion-00000000"));
  ResultStore store(file);
  const RunId id = store.runs().back();
  RunRecord record = *store.run(id);
  EXPECT_EQ(record.metrics.at("top1"), 62.125);
  record.judgements = {tiny_judgement()};
  EXPECT_EQ(store.ingest(record), Ingested::kNew);
  EXPECT_TRUE(store.judged(id, id_of(tiny_judgement())));
  EXPECT_EQ(schema_version(*std::make_unique<SQLite::Database>(file.string() + ".v2.bak")), 2);
}

}  // namespace mra
