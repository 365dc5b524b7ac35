// Texts to sites: sent, and how far each got. A site has a text when its status names an assignment with it;
// it is read when somebody there says so.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "coordinator/core/core_impl.hpp"
#include "coordinator/core/session_check.hpp"

namespace diemcau::core {
namespace {

constexpr std::size_t kReceiptsTold = 10;

v1::SentText shownText(const TextState& sent, const std::function<bool(const std::string&)>& shows,
                       bool with_receipts) {
  v1::SentText out;
  *out.mutable_text() = sent.text;
  out.set_session_id(sent.to.session_id());
  for (const auto& site : sent.to.selection().site_ids()) {
    if (!shows(site)) continue;
    out.set_sites(out.sites() + 1);
    v1::Receipt receipt;
    if (const auto known = sent.receipts.find(site); known != sent.receipts.end()) receipt = known->second;
    receipt.set_site_id(site);
    if (receipt.reached_us() != 0) out.set_reached(out.reached() + 1);
    if (receipt.read_us() != 0) out.set_read(out.read() + 1);
    if (with_receipts) *out.add_receipts() = std::move(receipt);
  }
  return out;
}

}  // namespace

Result<v1::CommandReply> Core::Impl::sendText(const v1::SendText& wish, const std::string& actor, Micros now,
                                              Effects& out) {
  const auto words = cleanText(wish.text(), 2'000, "text");
  if (!words) return tl::unexpected(words.error());
  if (words->empty()) return fail(ErrorCode::kInvalid, "the text is empty", "chưa có nội dung tin nhắn");
  const SessionState* state = nullptr;
  if (!wish.session_id().empty() && (state = findSession(wish.session_id())) == nullptr)
    return noSession(wish.session_id());
  const auto& selection = wish.selection();
  std::vector<std::string> to;
  if (selection.everyone() ||
      selection.area_ids_size() + selection.tags_size() + selection.site_ids_size() + selection.names_size() >
          0) {
    auto resolved = roster.resolve(selection, now);
    if (!resolved) return tl::unexpected(resolved.error());
    to = std::move(*resolved);
    if (state != nullptr) std::erase_if(to, [&](const auto& site) { return !hasSite(state->session, site); });
  } else if (state != nullptr) {
    to.assign(state->session.site_ids().begin(), state->session.site_ids().end());
  }
  if (to.empty())
    return fail(ErrorCode::kInvalid, "the text reaches no site: name some", "tin nhắn không có nơi nhận");

  TextState sent;
  sent.text.set_id(nextId("t"));
  sent.text.set_text(*words);
  sent.text.set_by(actor);
  sent.text.set_at_us(now);
  if (validId(wish.answers_record_id())) sent.text.set_answers_record_id(wish.answers_record_id());
  sent.to.set_session_id(wish.session_id());
  sent.to.mutable_selection()->mutable_site_ids()->Assign(to.begin(), to.end());
  const auto id = sent.text.id();
  put(out, "text", id, wish.session_id(), sent.text.SerializeAsString());
  put(out, "text_to", id, wish.session_id(), sent.to.SerializeAsString());
  for (const auto& site : to) {
    plans.addText(site, sent.text);
    assignSite(site, out);
    if (sent.revision == 0) sent.revision = plans.newest();
    siteState(site).texts_on_the_way.push_back(id);
  }
  const auto names = siteNames(to, roster, 3);
  tell(
      {"text.sent", wish.session_id(), to.size() == 1 ? to.front() : "", actor},
      text(fmt::format("nhắn {}: {}", names.vi(), *words), fmt::format("text to {}: {}", names.en(), *words)),
      now, out);
  // An answer to a help request is an acknowledgement of it.
  for (const SiteSet raised = alarms.raisedIds(); const auto& alarm_id : raised) {
    const auto& alarm = *alarms.find(alarm_id);
    if (alarm.kind() != v1::Alarm::help || sent.text.answers_record_id().empty() ||
        alarm.record_id() != sent.text.answers_record_id())
      continue;
    if (alarm.acked_by().empty()) alarms.ack(alarm_id, actor, now);
    helpSeen(*alarms.find(alarm_id), actor, now, out);
  }
  texts[id] = std::move(sent);
  v1::CommandReply reply;
  reply.set_id(id);
  reply.set_sites(static_cast<std::uint32_t>(to.size()));
  return reply;
}

void Core::Impl::noteTexts(SiteState& site, Micros now, Effects& out) {
  const auto keep = [&](const TextState& sent, const v1::Receipt& receipt) {
    put(out, "receipt", sent.text.id() + "/" + site.id, sent.to.session_id(), receipt.SerializeAsString());
  };
  std::erase_if(site.texts_on_the_way, [&](const std::string& id) {
    const auto found = texts.find(id);
    if (found == texts.end() || found->second.over) return true;
    auto& sent = found->second;
    if (site.status.revision() < std::max(sent.revision, site.floor + 1)) return false;
    auto& receipt = sent.receipts[site.id];
    receipt.set_reached_us(now);
    // One that is read in the same breath is kept once, below.
    const auto& read = site.status.received_text_ids();
    if (std::find(read.begin(), read.end(), id) == read.end()) keep(sent, receipt);
    return true;
  });
  for (const auto& id : site.status.received_text_ids()) {
    const auto found = texts.find(id);
    if (found == texts.end() || found->second.over) continue;
    auto& sent = found->second;
    const auto& to = sent.to.selection().site_ids();
    if (!std::binary_search(to.begin(), to.end(), site.id)) continue;
    auto& receipt = sent.receipts[site.id];
    if (receipt.read_us() != 0) continue;
    receipt.set_read_us(now);
    if (receipt.reached_us() == 0) receipt.set_reached_us(now);
    ++sent.read;
    keep(sent, receipt);
    noteRead(sent, site, now, out);
  }
}

void Core::Impl::noteRead(const TextState& sent, const SiteState& site, Micros now, Effects& out) {
  const auto all = static_cast<std::size_t>(sent.to.selection().site_ids_size());
  // For many sites one entry says it, when the last one has it.
  if (all <= kReceiptsTold)
    tell({"text.received", sent.to.session_id(), site.id},
         text(siteName(site.id) + " đã nhận tin nhắn", siteName(site.id) + " has received the text"), now,
         out);
  else if (sent.read == all)
    tell({"text.received", sent.to.session_id(), {}},
         text(fmt::format("cả {} điểm cầu đã nhận tin nhắn", all),
              fmt::format("all {} sites have received the text", all)),
         now, out);
}

// One object holds what many did; nothing comes any more.
void Core::Impl::closeTexts(const std::string& session_id, Effects& out) {
  for (auto& [id, sent] : texts) {
    if (sent.over || sent.to.session_id() != session_id) continue;
    out.store.removes.push_back({"text", id});
    out.store.removes.push_back({"text_to", id});
    for (const auto& [site, receipt] : sent.receipts)
      out.store.removes.push_back({"receipt", id + "/" + site});
    const auto all = shownText(
        sent, [](const std::string&) { return true; }, true);
    put(out, "sent_text", id, session_id, all.SerializeAsString());
    sent.over = true;
  }
}

bool Core::Impl::restoreText(std::string_view kind, const std::string& text_id, const std::string& site_id,
                             std::string_view body) {
  const auto parse = [&](google::protobuf::Message& message) {
    return message.ParseFromArray(body.data(), static_cast<int>(body.size()));
  };
  auto& sent = texts[text_id];
  if (kind == "text") return parse(sent.text);
  if (kind == "text_to") return parse(sent.to);
  if (kind == "receipt") {
    auto& receipt = sent.receipts[site_id];
    // An older program wrote no times: that it was read is known, when is not.
    if (!parse(receipt)) receipt.Clear(), receipt.set_read_us(1);
    if (receipt.read_us() != 0) ++sent.read;
    return true;
  }
  v1::SentText whole;
  if (!parse(whole)) return false;
  sent.over = true;
  sent.text = whole.text();
  sent.to.set_session_id(whole.session_id());
  for (auto& receipt : *whole.mutable_receipts()) {
    const std::string site = receipt.site_id();
    sent.to.mutable_selection()->add_site_ids(site);
    if (receipt.reached_us() != 0) sent.receipts[site] = std::move(receipt);
  }
  return true;
}

void Core::Impl::restoreTexts() {
  std::vector<TextState*> in_order;
  for (auto& [id, text] : texts)
    if (!text.over) in_order.push_back(&text);
  std::sort(in_order.begin(), in_order.end(), [](const TextState* a, const TextState* b) {
    return std::pair(a->text.at_us(), a->text.id()) < std::pair(b->text.at_us(), b->text.id());
  });
  for (auto* sent : in_order) {
    sent->revision = plans.newest();  // all sites are told anew
    for (const auto& site : sent->to.selection().site_ids()) {
      plans.addText(site, sent->text);
      auto known = sent->receipts.find(site);
      if (known != sent->receipts.end() && known->second.read_us() == 1) {
        known->second.set_read_us(sent->text.at_us());
        known->second.set_reached_us(sent->text.at_us());
      }
      if (known == sent->receipts.end() || known->second.reached_us() == 0)
        siteState(site).texts_on_the_way.push_back(sent->text.id());
    }
  }
}

v1::SentTextList Core::texts(std::string_view session_id, bool with_receipts,
                             const std::function<bool(const std::string&)>& shows) const {
  std::vector<const TextState*> found;
  for (const auto& [id, sent] : impl_->texts)
    if (session_id.empty() || sent.to.session_id() == session_id) found.push_back(&sent);
  std::sort(found.begin(), found.end(), [](const TextState* a, const TextState* b) {
    return std::tuple(a->text.at_us(), a->text.id().size(), a->text.id()) >
           std::tuple(b->text.at_us(), b->text.id().size(), b->text.id());
  });
  v1::SentTextList out;
  for (const auto* sent : found) {
    auto shown = shownText(*sent, shows, with_receipts);
    if (shown.sites() != 0) *out.add_texts() = std::move(shown);
  }
  return out;
}

}  // namespace diemcau::core
