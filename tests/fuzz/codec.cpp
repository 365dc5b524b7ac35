// Any frame: decoded or refused, and what was decoded is the same after encoding, also in the pieces that the
// links write; and a status is the same without its readiness.
#include "wire/codec.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "wire/readiness_part.hpp"

using namespace diemcau;

namespace {

bool same(const v1::Envelope& a, const v1::Envelope& b) {
  return a.SerializeAsString() == b.SerializeAsString();
}

// As HubLink sends an assignment: a head, then bytes that were encoded before.
void joinedAssignment(const v1::Envelope& envelope) {
  const std::string body = envelope.assignment().SerializeAsString();
  v1::Envelope joined;
  MUST(wire::decode(wire::assignmentHead(envelope.seq(), envelope.ack(), body.size()) + body, joined));
  v1::Envelope plain;
  plain.set_seq(envelope.seq());
  plain.set_ack(envelope.ack());
  *plain.mutable_assignment() = envelope.assignment();
  MUST(same(joined, plain));
}

// As SiteLink sends records: encoded one by one and joined.
void joinedRecords(const v1::Envelope& envelope) {
  std::string body;
  for (const auto& record : envelope.records().records())
    wire::appendField(body, v1::RecordBatch::kRecordsFieldNumber, record.SerializeAsString());
  v1::Envelope joined;
  const auto head = wire::bodyHead(envelope.seq(), 0, v1::Envelope::kRecordsFieldNumber, body.size());
  MUST(wire::decode(head + body, joined));
  MUST(joined.seq() == envelope.seq());
  MUST(joined.records().records_size() == envelope.records().records_size());
  for (int i = 0; i < joined.records().records_size(); ++i)
    MUST(joined.records().records(i).SerializeAsString() ==
         envelope.records().records(i).SerializeAsString());
}

// As the gateway reads a status whose readiness the coordinator holds.
void leftOutReadiness(std::string_view frame, v1::Envelope envelope) {
  const auto part = wire::findReadiness(frame);
  if (part.number == 0) return;
  MUST(envelope.has_status() && envelope.status().has_readiness());
  v1::Envelope rest;
  MUST(wire::decode(wire::withoutReadiness(frame, part), rest));
  envelope.mutable_status()->clear_readiness();
  MUST(same(rest, envelope));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::quietLog();
  const auto frame = fuzz::asText(data, size);
  v1::Envelope envelope;
  const auto ok = wire::decode(frame, envelope);
  MUST(!wire::decode(frame, envelope, size / 2) || size == 0);
  if (!ok || !wire::decode(frame, envelope)) {
    MUST(!ok);  // the same bytes, the same verdict
    return 0;
  }
  // Encoded anew it may be longer than it came (a number may come in fewer bytes than it takes), never by
  // much.
  v1::Envelope again;
  MUST(wire::decode(wire::encode(envelope), again, 2 * size + 16));
  MUST(same(envelope, again));
  if (envelope.has_assignment()) joinedAssignment(envelope);
  if (envelope.has_records()) joinedRecords(envelope);
  leftOutReadiness(frame, envelope);
  return 0;
}
