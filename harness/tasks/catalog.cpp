#include "harness/tasks/catalog.h"

namespace mra {

#define TASK(name, factory) std::unique_ptr<Task> factory(const TaskContext& context);
#include "harness/tasks/tasks.def"
#undef TASK

void register_tasks(Catalog& catalog) {
#define TASK(name, factory) catalog.tasks.add(name, factory);
#include "harness/tasks/tasks.def"
#undef TASK
}

}  // namespace mra
