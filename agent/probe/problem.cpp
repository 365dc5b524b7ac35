#include "agent/probe/problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "base/text.hpp"

namespace diemcau::probe {
namespace {

std::string where(const FeedAddress& address) {
  switch (address.kind) {
    case FeedKind::kSrt:
    case FeedKind::kUdp:
    case FeedKind::kRtp:
      return fmt::format("{}:{}", address.host, address.port);
    case FeedKind::kRtsp:
    case FeedKind::kRtmp:
    case FeedKind::kHls:
      return address.url.substr(0, address.url.find('?'));
    case FeedKind::kFile:
      return address.path;
    case FeedKind::kPulse:
    case FeedKind::kAlsa:
    case FeedKind::kV4l2:
      return address.device.empty() ? "default" : address.device;
    case FeedKind::kTest:
      break;
  }
  return "test";
}

bool has(const std::string& haystack, std::string_view needle) {
  return haystack.find(needle) != std::string::npos;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// Of a device of this machine: whoever reads it stands beside it.
v1::Text explainDevice(const FeedAddress& address, const GError& error, const std::string& all) {
  const std::string at = where(address);
  const auto code = [&error](GstResourceError one) {
    return g_error_matches(&error, GST_RESOURCE_ERROR, static_cast<gint>(one)) != FALSE;
  };
  if (has(all, "permission denied") || has(all, "access denied") || has(all, "not permitted") ||
      code(GST_RESOURCE_ERROR_NOT_AUTHORIZED)) {
    return text(
        fmt::format("không có quyền dùng thiết bị {}: thêm tài khoản vào nhóm audio, video", at),
        fmt::format("not allowed to use the device {}: add the account to the groups audio and video", at));
  }
  if (has(all, "busy") || has(all, "used by another application") || code(GST_RESOURCE_ERROR_BUSY)) {
    return text(fmt::format("thiết bị {} đang có chương trình khác dùng: hãy đóng chương trình đó", at),
                fmt::format("another program uses the device {}: close it", at));
  }
  if (has(all, "connection refused") || has(all, "connection terminated")) {  // to PulseAudio
    return text("dịch vụ âm thanh PulseAudio của máy này không chạy",
                "this computer's sound service, PulseAudio, is not running");
  }
  if (has(all, "no such entity") || has(all, "no such file") || has(all, "no such device") ||
      code(GST_RESOURCE_ERROR_NOT_FOUND)) {
    return text(fmt::format("máy này không có thiết bị {}: kiểm tra dây cắm và tên thiết bị", at),
                fmt::format("this computer has no device {}: check its cable and its name", at));
  }
  if (has(all, "isn't a v4l2 driver") || has(all, "not a capture device")) {
    return text(fmt::format("{} không phải là camera hay card thu hình", at),
                fmt::format("{} is no camera and no capture card", at));
  }
  return text(fmt::format("không thu được từ thiết bị {}: {}", at, error.message),
              fmt::format("nothing can be had from the device {}: {}", at, error.message));
}

}  // namespace

v1::Text explain(const FeedAddress& address, const GError& error, std::string_view debug) {
  const std::string at = where(address);
  const std::string all =
      lower(std::string(error.message != nullptr ? error.message : "") + "\n" + std::string(debug));
  if (capturesSound(address.kind) || capturesPictures(address.kind))
    return explainDevice(address, error, all);
  if (has(all, "resolve") || has(all, "name or service not known") || has(all, "unknown host")) {
    return text(fmt::format("không tìm thấy máy {}: kiểm tra địa chỉ và DNS", at),
                fmt::format("the host of {} is unknown: check the address and DNS", at));
  }
  if (has(all, "incorrect passphrase") || has(all, "badsecret") || has(all, "bad secret") ||
      has(all, "password required") || has(all, "unsecure") ||
      g_error_matches(&error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED) != FALSE) {
    return text(fmt::format("{} từ chối: sai mật khẩu luồng hoặc không có quyền", at),
                fmt::format("{} does not let us in: wrong passphrase, or not allowed", at));
  }
  if (has(all, "not found (404)") || has(all, "not found") || has(all, "no such file")) {
    return text(fmt::format("không có {}: kiểm tra đường dẫn", at),
                fmt::format("{} does not exist: check the path", at));
  }
  if (has(all, "service unavailable")) {
    return text(fmt::format("{} trả lời: hiện chưa phát (503)", at),
                fmt::format("{} answers that nothing is sent now (503)", at));
  }
  if (has(all, "connection refused") || has(all, "could not connect") || has(all, "rejected")) {
    return text(
        fmt::format("{} từ chối kết nối: máy phát chưa chạy hoặc tường lửa chặn", at),
        fmt::format("{} refused the connection: the sender is not running, or a firewall is in between", at));
  }
  if (has(all, "short read")) {  // of an RTMP handshake
    return text(fmt::format("{} ngắt kết nối trước khi bắt đầu RTMP: kiểm tra máy và cổng", at),
                fmt::format("{} ended the connection before RTMP began: check the host and the port", at));
  }
  if (has(all, "timeout") || has(all, "timed out")) {
    return text(fmt::format("{} không trả lời: máy phát chưa chạy hoặc mạng đứt", at),
                fmt::format("{} does not answer: the sender is not running, or the network is down", at));
  }
  if (has(all, "broken") || has(all, "unknown or erroneous") || has(all, "disconnected")) {
    return text(fmt::format("mất kết nối tới {}", at), fmt::format("the connection to {} broke", at));
  }
  if (has(all, "address already in use")) {
    return text(fmt::format("cổng của {} đang có chương trình khác dùng", at),
                fmt::format("another program uses the port of {}", at));
  }
  if (error.domain == GST_STREAM_ERROR) {
    return text(fmt::format("dữ liệu từ {} không đọc được: {}", at, error.message),
                fmt::format("what {} sends cannot be read: {}", at, error.message));
  }
  return text(fmt::format("lỗi khi nhận từ {}: {}", at, error.message),
              fmt::format("receiving from {} failed: {}", at, error.message));
}

v1::Text noData(const FeedAddress& address) {
  if (address.kind == FeedKind::kRtmp) {
    // Many servers let a player wait for a stream that nobody publishes, and say nothing.
    return text(
        fmt::format(
            "không có dữ liệu từ {}: kiểm tra xem đã có ai phát luồng này chưa, tên luồng có đúng không",
            where(address)),
        fmt::format("no data from {}: check that somebody publishes this stream, and its name",
                    where(address)));
  }
  return text(fmt::format("không có dữ liệu từ {}", where(address)),
              fmt::format("no data from {}", where(address)));
}

v1::Text endOfFeed(const FeedAddress& address) {
  if (address.kind == FeedKind::kFile) {
    return text(fmt::format("hết tệp {}", where(address)),
                fmt::format("the end of {} was reached", where(address)));
  }
  return text(fmt::format("{} đã ngừng phát", where(address)),
              fmt::format("{} stopped sending", where(address)));
}

}  // namespace diemcau::probe
