#include <cleanplate/report.h>

#include <nlohmann/json.hpp>

namespace cleanplate {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Candidate& c) {
  const Box& b = c.detection.box;
  return {{"kind", c.detection.kind},
          {"box", {b.x, b.y, b.width, b.height}},
          {"score", c.detection.score},
          {"accepted", c.accepted},
          {"reason", c.reason}};
}
Json json_of(const MethodReport& m) {
  return {
      {"track", m.track}, {"method", m.method}, {"frames", m.frames}, {"confidence", m.confidence}};
}
Json json_of(const StageReport& s) {
  return {{"stage", s.stage},
          {"device", s.device},
          {"busy_seconds", s.busy_seconds},
          {"busy_share", s.busy_share},
          {"batch", s.batch}};
}
Json json_of(const Degradation& d) {
  return {{"stage", d.stage},
          {"from", d.from},
          {"to", d.to},
          {"reason", d.reason},
          {"first_frame", d.first_frame}};
}

template <class T>
Json list_of(const std::vector<T>& items) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(json_of(item));
  return list;
}

}  // namespace

std::string to_json(const Report& r) {
  const Json all = {{"version", Report::version},
                    {"input", r.input},
                    {"output", r.output},
                    {"nothing_found", r.nothing_found},
                    {"frames",
                     {{"in", r.frames_in},
                      {"out", r.frames_out},
                      {"changed", r.frames_changed},
                      {"lost", r.frames_lost}}},
                    {"seconds", r.seconds},
                    {"encoder", r.encoder},
                    {"candidates", list_of(r.candidates)},
                    {"methods", list_of(r.methods)},
                    {"stages", list_of(r.stages)},
                    {"degradations", list_of(r.degradations)},
                    {"warnings", r.warnings}};
  // A path's bytes need not be UTF-8; JSON's must be.
  return all.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cleanplate
