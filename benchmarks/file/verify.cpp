#include "file/verify.h"

#include <fmt/format.h>

#include <cmath>

#include "quality/judge.h"

namespace bench {

namespace {
constexpr double least_gain = 3;      // dB of ours over what is untouched
constexpr double least_change = .05;  // dB by which a filter must differ from doing nothing

std::string what_is_wrong(const Material& material, const Job& job, const Run& run,
                          const quality::Judge& judge, const Verified& seen,
                          const Verified* plain) {
  if (run.nothing_found) return "no mark was found, so nothing was done";
  if (judge.frames() != material.frames() || run.frames != material.frames())
    return fmt::format("{} of {} frames came out", judge.frames(), material.frames());
  const auto same = quality::compare_files(job.input, job.output);
  if (!same.frames || !same.times) return "its frames have other times than the input's";
  if (!same.sound) return "its sound is not the input's";
  if (!plain) return {};
  if (!is_ours(job.way))
    return std::abs(seen.psnr - plain->psnr) < least_change ? "the filter has done nothing"
                                                            : std::string();
  if (seen.psnr < plain->psnr + least_gain)
    return fmt::format("{:.1f} dB in the mark's place where untouched has {:.1f}", seen.psnr,
                       plain->psnr);
  if (seen.flashes) return fmt::format("the mark shows in {} frames", seen.flashes);
  return {};
}
}  // namespace

Verified verify(const Material& material, const Job& job, const Run& run, const Verified* plain) {
  Verified seen;
  quality::Judge judge(material.made());
  if (!run.nothing_found) quality::judge_file(job.output, material.made(), judge);
  const quality::ClipScore score = judge.score();
  seen.psnr = score.psnr;
  seen.flashes = score.flashes;
  seen.wrong = what_is_wrong(material, job, run, judge, seen, plain);
  return seen;
}

}  // namespace bench
