#include "coordinator/ctl/context.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/settings.hpp"

namespace diemcau::ctl {
namespace {

constexpr int kMostAreasDeep = 64;  // against a circle in what came over the network

void printWarnings(Context& context, const v1::CommandReply& reply) {
  for (const v1::Text& warning : reply.warnings()) {
    context.err << context.speech.paint(context.speech.say("lưu ý: ", "note: "), Style::kWarn)
                << context.speech.say(warning) << "\n";
  }
}

}  // namespace

int failed(Context& context, const Failure& failure) {
  if (context.arguments.json && !failure.body.empty()) context.out << failure.body << "\n";
  context.err << "diemcau: " << context.speech.say(failure.vi, failure.en) << "\n";
  if (failure.exit_code == kNotReached) {
    context.err << context.speech.say("  Bộ điều phối ở ", "  The coordinator is looked for at ")
                << context.api.url()
                << context.speech.say(" (đổi bằng --url hoặc DIEMCAU_URL)\n",
                                      " (change with --url or DIEMCAU_URL)\n");
  }
  if (failure.status == 401 && !context.signing_in) {
    context.err << context.speech.say("  đăng nhập bằng: diemcau sign-in --name TÊN\n",
                                      "  sign in with: diemcau sign-in --name NAME\n");
  }
  return failure.exit_code;
}

int misused(Context& context, const Error& error) {
  context.err << "diemcau: " << context.speech.say(error.vi.empty() ? error.text : error.vi, error.text)
              << "\n";
  return kUsage;
}

int command(Context& context, const std::string& method, const std::string& path,
            const google::protobuf::Message& message,
            const std::function<void(const v1::CommandReply&)>& print) {
  const auto body = context.api.send(method, path, message);
  if (!body) return failed(context, body.error());
  if (context.arguments.json) {
    context.out << *body << "\n";
    return kOk;
  }
  v1::CommandReply reply;
  if (auto ok = readJson(*body, reply); !ok) return failed(context, ok.error());
  printWarnings(context, reply);
  print(reply);
  return kOk;
}

int save(Context& context, const std::string& path) {
  const auto body = context.api.get(path);
  if (!body) return failed(context, body.error());
  if (context.arguments.output.empty() || context.arguments.output == "-") {
    context.out << *body;
    return kOk;
  }
  if (auto ok = writeFileAtomically(context.arguments.output, *body); !ok)
    return misused(context, ok.error());
  context.err << context.speech.say("đã ghi ", "written: ") << context.arguments.output << "\n";
  return kOk;
}

std::string RosterNames::areaName(const std::string& id) const {
  const auto found = areas.find(id);
  return found == areas.end() ? id : found->second.name;
}

bool RosterNames::within(std::string area_id, const std::string& ancestor) const {
  for (int depth = 0; depth < kMostAreasDeep; ++depth) {
    if (area_id == ancestor) return true;
    const auto found = areas.find(area_id);
    if (found == areas.end() || found->second.parent_id.empty()) return false;
    area_id = found->second.parent_id;
  }
  return false;
}

Answer<RosterNames> readRoster(const std::string& json) {
  const auto document = nlohmann::json::parse(json, nullptr, false);
  RosterNames roster;
  try {
    for (const auto& area : document.at("areas")) {
      roster.areas[area.at("id")] = {area.value("name", ""), area.value("parent_id", "")};
    }
    for (const auto& site : document.at("sites")) {
      const auto contact = site.value("technician", nlohmann::json::object());
      const bool known = contact.is_object();
      roster.sites.push_back({site.at("id"), site.value("name", ""), site.value("area_id", ""),
                              known ? contact.value("name", "") : "", known ? contact.value("phone", "") : "",
                              site.value("seats", std::uint64_t{0})});
    }
    roster.delegates = document.value("delegates", std::uint64_t{0});
  } catch (const nlohmann::json::exception&) {
    return tl::unexpected(
        Failure{kRefused, "the coordinator's answer cannot be read; is it of another version?",
                "không đọc được trả lời của bộ điều phối; có phải khác phiên bản không?", json});
  }
  return roster;
}

std::string sessionPath(const std::string& id, const std::string& rest) {
  return "/api/v1/sessions/" + encoded(id) + (rest.empty() ? "" : "/" + rest);
}

}  // namespace diemcau::ctl
