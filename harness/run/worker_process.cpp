#include "harness/run/worker_process.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/disk.h"
#include "harness/base/program.h"
#include "harness/base/tell.h"
#include "harness/run/outcome.h"
#include "harness/run/progress_line.h"

namespace mra {

namespace fs = std::filesystem;

fs::path find_worker() {
  const fs::path worker = find_own_program("harness-worker");
  if (!worker.empty()) return worker;
  std::error_code ignored;
  fail(ErrorKind::kEnvironment, fs::read_symlink("/proc/self/exe", ignored).string(),
       "cannot find harness-worker",
       "build it (cmake -DHARNESS_WITH_TORCH=ON, or ci/setup), or install the whole program");
}

[[noreturn]] static void fail_starting(const std::string& what) {
  fail(ErrorKind::kEnvironment, "harness-worker",
       fmt::format("cannot be started: {}: {}", what, std::strerror(errno)),
       "check the free memory and the limits on processes and open files (ulimit -a)");
}

namespace {

/// What the child needs. Prepared before the fork, because the child must not allocate memory.
struct ChildPlan {
  std::vector<char*> arguments, environment;
  int input = -1, output = -1, log = -1, lock = -1;
  pid_t parent = 0;
};

}  // namespace

[[noreturn]] static void become_worker(const ChildPlan& plan) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != plan.parent) ::_exit(1);  // the parent died before prctl() took effect
  ::dup2(plan.input, STDIN_FILENO);
  ::dup2(plan.output, STDOUT_FILENO);
  ::dup2(plan.log, STDERR_FILENO);
  ::fcntl(plan.lock, F_SETFD, 0);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // If the reader of its progress dies, the worker must survive to write its checkpoint.
  ::signal(SIGPIPE, SIG_IGN);
  ::execve(plan.arguments[0], plan.arguments.data(), plan.environment.data());
  constexpr char kMessage[] = "harness-worker: cannot be executed\n";
  (void)!::write(STDERR_FILENO, kMessage, sizeof kMessage - 1);
  ::_exit(127);
}

/// This program's environment and the variables that a worker needs, each as "NAME=value".
static std::vector<std::string> worker_environment(const std::string& visible_gpus) {
  // Waiting threads that spin take shared cores from those that work; threads that sleep at once
  // wake too slowly for tensors this small. So they spin for a short time, then sleep.
  ::setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);
  ::setenv("GOMP_SPINCOUNT", "2000", /*overwrite=*/0);
  const std::string kGpus = "CUDA_VISIBLE_DEVICES=";
  std::vector<std::string> all;
  for (char** entry = environ; *entry; ++entry)
    if (visible_gpus.empty() || !std::string_view(*entry).starts_with(kGpus))
      all.emplace_back(*entry);
  if (!visible_gpus.empty()) all.push_back(kGpus + visible_gpus);
  return all;
}

/// The strings as execve() expects them: pointers with a null at the end.
static std::vector<char*> words(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (const std::string& one : strings) pointers.push_back(const_cast<char*>(one.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

WorkerProcess::WorkerProcess(const WorkerJob& job) {
  const auto environment = worker_environment(job.visible_gpus);
  const fs::path& log = job.log;
  ChildPlan plan;
  plan.arguments = words(job.arguments);
  plan.environment = words(environment);
  plan.lock = job.lock_descriptor;
  plan.parent = ::getpid();
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail_starting("pipe");
  descriptor_ = ends[0];
  plan.output = ends[1];
  ::fcntl(descriptor_, F_SETFL, O_NONBLOCK);
  plan.input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  plan.log = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (plan.input >= 0 && plan.log >= 0) pid_ = ::fork();
  if (pid_ == 0) become_worker(plan);
  const int error_number = errno;
  for (const int descriptor : {plan.output, plan.input, plan.log})
    if (descriptor >= 0) ::close(descriptor);
  if (pid_ > 0) return;
  ::close(descriptor_);
  if (plan.log < 0) fail_io(log, "cannot be written", error_number);
  errno = error_number;
  fail_starting(log.string());
}

WorkerProcess::~WorkerProcess() {
  if (!status()) {
    send(SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<ProgressUpdate> WorkerProcess::read_progress() {
  char buffer[4096];
  ssize_t size = 0;
  while (descriptor_ >= 0 && (size = ::read(descriptor_, buffer, sizeof buffer)) > 0)
    unread_.append(buffer, size_t(size));
  if (descriptor_ >= 0 && size == 0) {
    ::close(descriptor_);
    descriptor_ = -1;
  }
  std::optional<ProgressUpdate> latest;
  for (size_t end; (end = unread_.find('\n')) != std::string::npos; unread_.erase(0, end + 1))
    if (const auto update = parse_progress(std::string_view(unread_).substr(0, end)))
      latest = update;
  constexpr size_t kLongestLine = 1 << 16;
  if (unread_.size() > kLongestLine) unread_.clear();
  return latest;
}

std::optional<int> WorkerProcess::status() {
  int status = 0;
  if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
  return status_;
}

void WorkerProcess::send(int signal_number) {
  if (!status()) ::kill(pid_, signal_number);
}

/// The reason in what a worker wrote to stderr, "… [error] where: what\n  fix: cure", as an Error.
static Error worker_error(const ProgramResult& result) {
  static constexpr std::string_view kMark = "[error] ", kCure = "\n  fix: ";
  std::string code = fmt::format("ended with code {}", result.exit_code);
  if (result.exit_code < 0) code = "could not be started";
  if (result.signal != 0) code = "was " + describe_death(result.signal);
  const ErrorKind kind = kind_of_exit(result.exit_code);
  const size_t mark = result.errors.rfind(kMark);
  if (mark == std::string::npos)
    return {
        kind, "harness-worker",
        fmt::format("{}{}{}", code, result.errors.empty() ? "" : ": ", last_lines(result.errors)),
        "harness doctor"};
  std::string reason = result.errors.substr(mark + kMark.size());
  while (reason.ends_with('\n')) reason.pop_back();
  const size_t cure = reason.rfind(kCure);
  if (cure == std::string::npos) return {kind, "", reason, ""};
  return {kind, "", reason.substr(0, cure), reason.substr(cure + kCure.size())};
}

std::string worker_output(const std::vector<std::string>& arguments, const std::string& input) {
  const ProgramResult result = run_program(find_worker(), arguments, input);
  if (result.exit_code != 0 && result.exit_code != exit_code(ErrorKind::kStopped))
    throw worker_error(result);
  tell("{}", result.errors);  // warnings
  return result.output;
}

Json ask_worker(const std::vector<std::string>& arguments, const std::string& input) {
  Json answer = Json::parse(worker_output(arguments, input), nullptr, /*allow_exceptions=*/false);
  check(!answer.is_discarded(), ErrorKind::kEnvironment, "harness-worker",
        fmt::format("does not answer '{}' with JSON", arguments.front()),
        "build or install both programs again: they must be of the same version");
  return answer;
}

std::optional<Json> worker_report() {
  try {
    return ask_worker({"doctor"});
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace mra
