// The commands of the store's copies.
#include <CLI/CLI.hpp>

#include "coordinator/ctl/command_tree.hpp"
#include "coordinator/ctl/commands.hpp"

namespace diemcau::ctl {

void TreeBuilder::store() {
  const auto place = [this](CLI::App* command) {
    command
        ->add_option("--store", arguments_.store,
                     say("tệp dữ liệu của bộ điều phối", "the coordinator's store"))
        ->type_name(say("TỆP", "FILE"))
        ->capture_default_str();
  };
  CLI::App* backup = leaf(line_.app.get(), "backup", "sao lưu dữ liệu, kể cả khi bộ điều phối đang chạy",
                          "copy the store, also while the coordinator runs", storeBackup,
                          "diemcau backup /srv/backup/diemcau-2026-03-01.db");
  backup->add_option("file", arguments_.output, say("tệp mới", "a new file"))
      ->required()
      ->type_name(say("TỆP", "FILE"));
  place(backup);
  CLI::App* restore = leaf(line_.app.get(), "restore", "khôi phục bản sao lưu; bộ điều phối phải đang dừng",
                           "bring a backup back; the coordinator must be stopped", storeRestore,
                           "diemcau restore /srv/backup/diemcau-2026-03-01.db");
  restore->add_option("file", arguments_.what, say("bản sao lưu", "the backup"))
      ->required()
      ->type_name(say("TỆP", "FILE"));
  place(restore);
}

}  // namespace diemcau::ctl
