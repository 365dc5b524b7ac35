// What one step of the core asks of the world. The store comes first: everything else happens only after its
// commit, so that no site acts on, and no person is told of, what a crash could still undo.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "diemcau/v1/record.pb.h"
#include "diemcau/v1/timeline.pb.h"

namespace diemcau::core {

// One entry of the audit log: an encoded v1::AuditEntry and its SHA-256. The core makes none: who makes them
// puts them into the batch of the change that they speak of.
struct AuditRow {
  std::uint64_t seq = 0;
  std::int64_t at_us = 0;
  std::string body, hash;
};

// One row of the flight recorder: an encoded v1::TraceBatch.
struct TraceRow {
  std::string session_id;
  std::int64_t at_us = 0;
  std::string body;
};

// One step's changes of the store: all or nothing. Objects are encoded messages under (kind, id); the ledger
// (records, timeline, audit) only grows.
struct StoreBatch {
  struct Put {
    std::string kind, id, session_id, body;
  };
  struct Remove {
    std::string kind, id;
  };
  std::vector<Put> puts;
  std::vector<Remove> removes;
  std::vector<v1::LedgerRecord>
      records;  // unique by (site_id, record.id): a repeat is ignored by the store too
  std::vector<v1::TimelineEntry> timeline;
  std::vector<AuditRow> audit;
  std::vector<TraceRow> trace;
  bool empty() const {
    return puts.empty() && removes.empty() && records.empty() && timeline.empty() && audit.empty() &&
           trace.empty();
  }
};

// What the store has of a session's past.
struct ReplayRows {
  std::vector<std::string> trace;           // encoded v1::TraceBatch, oldest first
  std::vector<v1::TimelineEntry> timeline;  // oldest first
};

struct Effects {
  StoreBatch store;
  // After the commit:
  struct Ack {
    std::string site_id;
    std::uint64_t epoch, number;
  };
  std::vector<Ack> acks;            // records that are now durable
  std::vector<std::string> assign;  // sites whose assignment changed; Core::assignment gives the bytes
  struct Close {
    std::string site_id;
    std::uint16_t code;
    std::string reason;
  };
  std::vector<Close> close;  // links to end
  // The view shows something that people wait for: more than figures that come every second anyway.
  bool news = false;
};

}  // namespace diemcau::core
