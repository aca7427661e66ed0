#include "harness/tasks/catalog.h"

namespace mra {

#define TASK(name, factory) std::unique_ptr<Task> factory(const TaskContext& context);
#include "harness/tasks/tasks.def"
#undef TASK
#define EVALUATOR(name)
#define JUDGE(name, function) Judged function(SpecReader options, const JudgeContext& context);
#include "harness/tasks/evaluators.def"
#undef JUDGE

void register_tasks(Catalog& catalog) {
#define TASK(name, factory) catalog.tasks.add(name, factory);
#include "harness/tasks/tasks.def"
#undef TASK
#define JUDGE(name, function) catalog.judges.add(name, function);
#include "harness/tasks/evaluators.def"
#undef JUDGE
#undef EVALUATOR
}

}  // namespace mra
