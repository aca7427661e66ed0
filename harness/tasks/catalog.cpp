#include "harness/tasks/catalog.h"

namespace mra {

#define TASK(name, factory) \
  std::unique_ptr<Task> factory(SpecReader options, const TaskContext& context);
#define UNTRAINED_TASK TASK
#include "harness/tasks/tasks.def"
#undef TASK
#define EVALUATOR(name)
#define JUDGE(name, function) Judged function(SpecReader options, const JudgeContext& context);
#define JUDGE_ALONE JUDGE
#include "harness/tasks/evaluators.def"
#undef JUDGE

SpecReader task_options(const ExperimentSpec& spec) {
  return SpecReader(spec.task_options, spec.file, "/task_options");
}

std::unique_ptr<Task> make_task(const TaskContext& context) {
  return context.catalog.tasks.make(context.spec.task, task_options(context.spec), context);
}

void register_tasks(Catalog& catalog) {
#define TASK(name, factory) catalog.tasks.add(name, factory);
#include "harness/tasks/tasks.def"
#undef TASK
#undef UNTRAINED_TASK
#define JUDGE(name, function) catalog.judges.add(name, function);
#include "harness/tasks/evaluators.def"
#undef JUDGE
#undef JUDGE_ALONE
#undef EVALUATOR
}

}  // namespace mra
