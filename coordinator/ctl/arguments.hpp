// What was asked for on the command line, as typed. Private to this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace diemcau::ctl {

struct SelectionArguments {
  bool everyone = false;
  std::vector<std::string> areas, tags, sites, names;
  bool any() const { return everyone || !areas.empty() || !tags.empty() || !sites.empty() || !names.empty(); }
};

struct SessionArguments {
  std::optional<std::string> title, start, end, zone, expect, current_sitting;
  std::vector<std::string> feeds;        // id=URI
  std::vector<std::string> passphrases;  // id=FILE that holds it
  std::vector<std::string> sittings;     // id=title
  std::optional<std::string> notes;
  std::vector<std::string> documents;  // title=https://...
  std::vector<std::uint32_t> rehearse_leads;
  std::optional<std::uint32_t> arm_lead;
  std::optional<bool> auto_start;
  SelectionArguments selection;
};

struct Arguments {
  // Of every command.
  std::string url = "http://127.0.0.1:7680", actor, fingerprint;
  std::string store = "/var/lib/diemcau/coordinator.db";
  bool json = false;
  unsigned timeout_s = 30;

  std::string id;  // of the session, site or alarm concerned
  std::vector<std::string> files, sites;
  std::string area, session, state, reason, text, feed, note, what, output, sitting, site, corrects;
  bool dry_run = false, draft = false, csv = false, all = false, once = false, checkins = false,
       automatic = false;
  std::uint32_t lead_ms = 0, present = 0, online = 0, excused = 0, absent = 0;
  std::string name, display, code;  // of people
  std::vector<std::string> roles;
  std::string until, start, title, search, delegate, uri, passphrase_file, expect;
  std::uint32_t seconds = 8;
  bool password_stdin = false;
  std::uint32_t days = 90, limit = 50;
  std::optional<std::uint64_t> after;
  std::size_t width = 0, height = 0;  // of a frame that is printed once
  SessionArguments edit;
  SelectionArguments selection;
};

}  // namespace diemcau::ctl
