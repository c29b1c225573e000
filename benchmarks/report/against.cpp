#include "report/against.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace bench {

namespace {
constexpr int proving = 6;  // runs from which an interval holds the median with 95 % and more
// Below these a change means nothing, whatever its share of a value near nothing.
double least_change(const std::string& unit) { return unit == "MiB" ? 16 : unit == "s" ? .02 : 0; }

const Metric* find(const Results& results, const std::string& name) {
  for (const Metric& m : results.metrics)
    if (m.name == name) return &m;
  return nullptr;
}

Verdict judge(const Metric& before, const Metric& now, bool alike, const Tolerance& tolerance) {
  if (!now.relative && !alike) return Verdict::not_comparable;
  const Interval &a = before.value, &b = now.value;
  const bool fixed = a.coverage >= 1 && b.coverage >= 1;  // does not vary from run to run
  const bool proven = fixed || std::min(a.runs, b.runs) >= proving;
  const double share = proven ? tolerance.least : tolerance.unproven;
  const double bound = std::max(share * std::abs(a.median), least_change(now.unit));
  if (std::abs(b.median - a.median) <= bound) return Verdict::same;
  if (b.low <= a.high && a.low <= b.high) return Verdict::same;
  return (b.median < a.median) == now.lower_is_better ? Verdict::better : Verdict::worse;
}

double change(const Compared& c) {
  return c.before.median == 0 ? 0 : c.now.median / c.before.median - 1;
}
}  // namespace

std::vector<Compared> compare(const std::vector<Results>& before, const std::vector<Results>& now,
                              const Tolerance& tolerance) {
  std::vector<Compared> all;
  for (const Results& n : now)
    for (const Metric& metric : n.metrics)
      for (const Results& b : before) {
        if (b.program != n.program) continue;
        const Metric* old = find(b, metric.name);
        if (!old || old->unit != metric.unit) continue;
        all.push_back({n.program, metric.name, metric.unit, old->value, metric.value,
                       judge(*old, metric, alike(b.machine, n.machine), tolerance)});
        break;
      }
  return all;
}

std::string to_markdown(const std::vector<Compared>& all) {
  std::vector<const Compared*> changed;
  int same = 0, apart = 0;
  for (const Compared& c : all) {
    same += c.verdict == Verdict::same;
    apart += c.verdict == Verdict::not_comparable;
    if (c.verdict == Verdict::better || c.verdict == Verdict::worse) changed.push_back(&c);
  }
  std::stable_sort(changed.begin(), changed.end(), [](const Compared* a, const Compared* b) {
    if (a->verdict != b->verdict) return a->verdict == Verdict::worse;
    return std::abs(change(*a)) > std::abs(change(*b));
  });
  std::string out;
  if (!changed.empty()) {
    out += "| | program | figure | before | now | change |\n|---|---|---|---|---|---|\n";
    for (const Compared* c : changed)
      out += fmt::format("| {} | {} | {} | {} {} | {} {} | {:+.1f} % |\n",
                         c->verdict == Verdict::worse ? "**worse**" : "better", c->program, c->name,
                         text_of(c->before, 3), c->unit, text_of(c->now, 3), c->unit,
                         100 * change(*c));
    out += "\n";
  }
  out += fmt::format("{} figures compared: {} changed outside the noise, {} did not", all.size(),
                     changed.size(), same);
  if (apart) out += fmt::format(", {} hold on one machine only and were measured on two", apart);
  return out + ".\n";
}

bool any_worse(const std::vector<Compared>& all) {
  return std::any_of(all.begin(), all.end(),
                     [](const Compared& c) { return c.verdict == Verdict::worse; });
}

}  // namespace bench
