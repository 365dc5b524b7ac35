// A roster for tests of what stands on the core: areas and sites as the CSV that an operator would import.
#pragma once

#include <string>

#include "diemcau/v1/command.pb.h"

namespace diemcau::test {

inline v1::Command rosterCommand(const std::string& areas, const std::string& sites) {
  v1::Command command;
  command.set_actor("test");
  const auto add = [&](const char* name, const std::string& header, const std::string& rows) {
    auto* file = command.mutable_import_roster()->add_files();
    file->set_name(name);
    file->set_content(header + rows);
  };
  add("areas.csv", "area_id,parent_id,name\n", areas);
  add("sites.csv", "site_id,area_id,name\n", sites);
  return command;
}

}  // namespace diemcau::test
