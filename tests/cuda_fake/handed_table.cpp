// The library that is loaded; the table is the test's own.
#include "infer/table.h"

namespace {
const cleanplate_infer_table* table = nullptr;
}

extern "C" {
void hand_table(const cleanplate_infer_table* given) { table = given; }
const cleanplate_infer_table* cleanplate_infer_table_v2() { return table; }
}
