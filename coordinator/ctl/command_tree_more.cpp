// Commands of what is made from others, put aside, looked back at and tested.
#include <CLI/CLI.hpp>

#include "coordinator/ctl/command_tree.hpp"
#include "coordinator/ctl/commands.hpp"

namespace diemcau::ctl {

void TreeBuilder::sittingOption(CLI::App* command) {
  command
      ->add_option("--sitting", arguments_.sitting,
                   say("buổi; mặc định buổi đang tính", "the sitting; default the current one"))
      ->type_name("ID");
}

void TreeBuilder::moreOfSession(CLI::App* group) {
  CLI::App* copy =
      leaf(group, "copy", "bản nháp mới từ một phiên trước", "a new draft from an earlier session",
           sessionCopy, "diemcau session copy s-1 --start \"08/03/2026 08:00\"");
  id(copy, "id", "mã phiên", "session id");
  copy->add_option("--start", arguments_.start, say("giờ bắt đầu", "start"))->type_name(say("GIỜ", "TIME"));
  copy->add_option("--title", arguments_.title, say("tên mới", "another title"))
      ->type_name(say("TÊN", "TITLE"));
  CLI::App* replay = leaf(group, "replay", "phiên lúc đó như thế nào", "how the session was at a moment",
                          sessionReplay, "diemcau session replay s-1 --at \"01/03/2026 08:12\"");
  id(replay, "id", "mã phiên", "session id");
  replay->add_option("--at", arguments_.start, say("lúc nào", "the moment"))
      ->required()
      ->type_name(say("GIỜ", "TIME"));
  id(leaf(group, "messages", "tin nhắn đã gửi, tới đâu", "texts that were sent, and how far they got",
          sessionMessages),
     "id", "mã phiên", "session id");
}

void TreeBuilder::moreOfSite(CLI::App* group) {
  CLI::App* messages = leaf(group, "messages", "tin nhắn đã gửi tới điểm cầu, lúc tới và lúc đọc",
                            "texts to a site, when they came and were read", siteMessages);
  id(messages, "id", "mã điểm cầu", "site id");
  sessionOption(messages);
  id(leaf(group, "history", "tốc độ, mất gói, trễ, độ to trong giờ qua",
          "rate, loss, delay, loudness of the last hour", siteHistory),
     "id", "mã điểm cầu", "site id");
  CLI::App* picture =
      leaf(group, "picture", "hình mới nhất của điểm cầu (JPEG)", "a site's newest picture (JPEG)",
           sitePicture, "diemcau site picture T01 -o T01.jpg");
  id(picture, "id", "mã điểm cầu", "site id");
  picture->add_option("-o,--output", arguments_.output, say("ghi vào tệp", "write to a file"))
      ->required()
      ->type_name(say("TỆP", "FILE"));
}

void TreeBuilder::alarm() {
  CLI::App* group = this->group("alarm", "các cảnh báo", "alarms");
  CLI::App* list = leaf(group, "list", "cảnh báo đang báo", "alarms that are raised", alarmList);
  sessionOption(list);
  list->add_flag("--all", arguments_.all, say("cả những cái đã hết", "those that are over too"));
  CLI::App* ack = leaf(group, "ack", "nhận xử lý một cảnh báo", "take an alarm in hand", alarmAck);
  id(ack, "id", "mã cảnh báo", "alarm id");
  ack->add_option("--note", arguments_.note, say("ghi chú", "a note"))->type_name(say("GHI CHÚ", "NOTE"));
  CLI::App* shelve =
      leaf(group, "shelve", "tạm gác một cảnh báo đến một lúc", "put an alarm aside until a moment",
           alarmShelve, "diemcau alarm shelve a-3 --until +30m --reason \"thợ đang đến\"");
  id(shelve, "id", "mã cảnh báo", "alarm id");
  shelve->add_option("--until", arguments_.until, say("đến lúc nào: +30m, 09:15", "until when: +30m, 09:15"))
      ->required()
      ->type_name(say("GIỜ", "TIME"));
  shelve->add_option("--reason", arguments_.reason, say("lý do", "why"))
      ->required()
      ->type_name(say("LÝ DO", "REASON"));
  id(leaf(group, "unshelve", "thôi tạm gác", "take it up again", alarmUnshelve), "id", "mã cảnh báo",
     "alarm id");
  id(leaf(group, "history", "mọi cảnh báo của một phiên: ai làm gì lúc nào",
          "all alarms of a session: who did what when", alarmHistory),
     "session", "mã phiên", "session id");
}

void TreeBuilder::moreOfAttendance(CLI::App* group) {
  CLI::App* list = leaf(group, "delegates", "từng đại biểu", "delegate by delegate", attendanceDelegates,
                        "diemcau attendance delegates s-1 --area q1 --state not_marked");
  id(list, "session", "mã phiên", "session id");
  sittingOption(list);
  list->add_option("--area", arguments_.area, say("địa bàn và cấp dưới", "an area and what is below it"))
      ->type_name("ID");
  list->add_option("--site", arguments_.site, say("điểm cầu", "a site"))->type_name("ID");
  list->add_option("--state", arguments_.state, "not_marked, present, online, excused, absent")
      ->check(CLI::IsMember({"not_marked", "present", "online", "excused", "absent"}))
      ->type_name(say("TRẠNG THÁI", "STATE"));
  list->add_option("--search", arguments_.search, say("tên, không cần dấu", "name, marks do not matter"))
      ->type_name(say("CHỮ", "TEXT"));
  list->add_flag("--conflicts", arguments_.all, say("chỉ người có mặt ở hai nơi", "only those at two sites"));
  CLI::App* remind =
      leaf(group, "remind", "nhắc các điểm cầu chưa báo", "remind those that have not reported",
           attendanceRemind, "diemcau attendance remind s-1 --area q1");
  id(remind, "session", "mã phiên", "session id");
  sittingOption(remind);
  remind->add_option("--area", arguments_.area, say("địa bàn và cấp dưới", "an area and what is below it"))
      ->type_name("ID");
  remind->add_option("--text", arguments_.text, say("lời nhắn", "the text"))
      ->type_name(say("LỜI NHẮN", "TEXT"));
  CLI::App* mark =
      leaf(group, "mark", "ghi hoặc sửa một đại biểu tại trung tâm",
           "mark or correct one delegate at the centre", attendanceMark,
           "diemcau attendance mark s-1 T01 T01-004 excused --corrects RECORD --reason \"ghi nhầm\"");
  id(mark, "session", "mã phiên", "session id");
  mark->add_option("site", arguments_.site, say("mã điểm cầu", "site id"))->required();
  mark->add_option("delegate", arguments_.delegate, say("mã đại biểu", "delegate id"))->required();
  mark->add_option("state", arguments_.state, "present, online, excused, absent")
      ->required()
      ->check(CLI::IsMember({"present", "online", "excused", "absent"}));
  sittingOption(mark);
  mark->add_option("--note", arguments_.note, say("lý do vắng", "why excused"))
      ->type_name(say("LÝ DO", "REASON"));
  mark->add_option("--corrects", arguments_.corrects,
                   say("bản ghi được thay", "the record that this replaces"))
      ->type_name("ID");
  mark->add_option("--reason", arguments_.reason, say("lý do sửa", "why it is corrected"))
      ->type_name(say("LÝ DO", "REASON"));
}

void TreeBuilder::templates() {
  CLI::App* group = this->group("template", "các mẫu phiên", "templates of sessions");
  leaf(group, "list", "mọi mẫu", "all templates", templateList);
  CLI::App* save = leaf(group, "save", "lưu một phiên thành mẫu", "make a template of a session",
                        templateSave, "diemcau template save s-1 --name \"Giao ban tuần\"");
  id(save, "session", "mã phiên", "session id");
  save->add_option("--name", arguments_.name, say("tên mẫu", "its name"))->type_name(say("TÊN", "NAME"));
  save->add_option("--replace", arguments_.text, say("thay mẫu này", "take the place of this one"))
      ->type_name("ID");
  CLI::App* use = leaf(group, "use", "bản nháp mới từ một mẫu", "a new draft from a template", templateUse,
                       "diemcau template use m-4 --start \"08/03/2026 08:00\"");
  id(use, "id", "mã mẫu", "template id");
  use->add_option("--start", arguments_.start, say("giờ bắt đầu", "start"))->type_name(say("GIỜ", "TIME"));
  use->add_option("--title", arguments_.title, say("tên phiên", "title"))->type_name(say("TÊN", "TITLE"));
  id(leaf(group, "delete", "xóa một mẫu", "delete a template", templateDelete), "id", "mã mẫu",
     "template id");
}

void TreeBuilder::feed() {
  CLI::App* group = this->group("feed", "luồng phát", "feeds");
  CLI::App* test =
      leaf(group, "test", "trung tâm thử nhận luồng vài giây", "the centre receives a feed for some seconds",
           feedTest, "diemcau feed test srt://192.0.2.10:7001 --expect 1280x720@25,h264 -o hinh.jpg");
  test->add_option("uri", arguments_.uri, say("địa chỉ luồng", "its address"))->required()->type_name("URI");
  test->add_option("--passphrase-file", arguments_.passphrase_file,
                   say("tệp chứa mật khẩu SRT", "file with the SRT passphrase"))
      ->type_name(say("TỆP", "FILE"));
  test->add_option("--expect", arguments_.expect, say("luồng phải như thế nào", "what it must be"))
      ->type_name("PROFILE");
  test->add_option("--seconds", arguments_.seconds, say("đo bao lâu", "for how long"))
      ->check(CLI::Range(3, 30))
      ->type_name("S");
  test->add_option("-o,--output", arguments_.output,
                   say("ghi hình vào tệp JPEG", "write the picture to a JPEG file"))
      ->type_name(say("TỆP", "FILE"));
}

}  // namespace diemcau::ctl
