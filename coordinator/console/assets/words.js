// Every word on the page, Vietnamese first. A key that is missing in English shows the Vietnamese one.
const words = {
  vi: {
    session: 'Phiên hội nghị', all_sites: 'Tất cả điểm cầu', no_session: 'Chưa có phiên hội nghị',
    alarms: 'Cảnh báo', attendance: 'Điểm danh', timeline: 'Diễn biến', theme: 'Sáng / tối', close: 'Đóng',
    your_name: 'Tên của bạn', your_name_why: 'Để mọi người biết ai đang xử lý cảnh báo. Chỉ hỏi một lần.',
    sign_in: 'Đăng nhập', sign_out: 'Đăng xuất', account: 'Tài khoản', password: 'Mật khẩu', code: 'Mã xác nhận',
    new_password: 'Mật khẩu mới (ít nhất 10 ký tự)',
    ok: 'Đồng ý', cancel: 'Thôi', ack: 'Nhận xử lý', acked: 'Đang xử lý: {by}', no_alarms: 'Không có cảnh báo',
    ack_failed: 'Chưa ghi nhận được: {why}', sites_of: '{n} điểm cầu', since: 'từ {t} trước',
    'phase.draft': 'Bản nháp', 'phase.scheduled': 'Đã lên lịch', 'phase.rehearsing': 'Chạy thử', 'phase.armed': 'Sẵn lệnh',
    'phase.live': 'Đang diễn ra', 'phase.paused': 'Tạm nghỉ', 'phase.ended': 'Kết thúc', 'phase.closed': 'Đã khóa sổ',
    'phase.cancelled': 'Đã hủy',
    starts_in: 'Bắt đầu sau', start_overdue: 'Quá giờ bắt đầu', go_in: 'Phát lệnh, bắt đầu sau', running: 'Đã diễn ra',
    ended_ago: 'Kết thúc cách đây', paused_for: 'Tạm nghỉ, đã diễn ra', auto_start: 'tự phát lệnh',
    sites: 'Điểm cầu', online: 'Trực tuyến', ready: 'Sẵn sàng', not_ready: 'Chưa sẵn sàng', started: 'Đã lên sóng',
    late: 'Chậm', failed: 'Không lên được', pending: 'Đang chờ', reported: 'Đã báo cáo', on_backup: 'Luồng dự phòng',
    offline: 'Mất liên lạc', waived: 'Được miễn', stale: 'Chậm tin',
    expected: 'Được mời', present: 'Có mặt', present_online: 'Trực tuyến', excused: 'Vắng có phép', absent: 'Vắng',
    not_marked: 'Chưa ghi', checkins: 'Ghi tên', reported_of: '{n}/{m} điểm cầu đã báo cáo', attending: 'dự họp',
    'tile.failed': 'Lỗi', 'tile.offline': 'Mất liên lạc', 'tile.stale': 'Chậm tin', 'tile.trouble': 'Có vấn đề',
    'tile.late': 'Chậm', 'tile.started': 'Lên sóng', 'tile.starting': 'Chờ lệnh', 'tile.armed': 'Sẵn lệnh',
    'tile.ready': 'Sẵn sàng', 'tile.not_ready': 'Chưa sẵn sàng', 'tile.checking': 'Đang thử', 'tile.waiting': 'Chờ',
    'tile.never': 'Chưa kết nối', 'tile.waived': 'Được miễn', 'tile.paused': 'Tạm nghỉ', 'tile.ended': 'Kết thúc',
    'tile.backup': 'Dự phòng',
    'condition.no_signal': 'mất tín hiệu', 'condition.no_video': 'không có hình', 'condition.no_audio': 'không có tiếng',
    'condition.black': 'hình đen', 'condition.frozen': 'hình đứng', 'condition.silence': 'im lặng',
    'condition.low_bitrate': 'tốc độ thấp', 'condition.low_fps': 'ít khung hình', 'condition.wrong_format': 'sai định dạng',
    'condition.corrupted': 'hình vỡ', 'condition.packet_loss': 'mất gói', 'condition.line_too_slow': 'đường truyền chậm',
    'check.link': 'Nối với trung tâm', 'check.clock': 'Đồng hồ', 'check.main_feed': 'Luồng chính',
    'check.backup_feed': 'Luồng dự phòng', 'check.disk': 'Ổ đĩa', 'check.cpu': 'Bộ xử lý', 'check.version': 'Phiên bản',
    'check.screen': 'Màn hình', 'check.loudspeaker': 'Loa', 'check.camera': 'Máy quay', 'check.microphone': 'Micrô',
    'verdict.ok': 'đạt', 'verdict.failed': 'không đạt', 'verdict.running': 'đang thử', 'verdict.not_run': 'chưa thử',
    heard: 'Tin mới nhất', never: 'chưa từng', ago: '{t} trước', technician: 'Kỹ thuật viên', feeds: 'Luồng phát',
    checks: 'Kiểm tra', clock_error: 'Sai số đồng hồ', active: 'đang dùng', agent: 'Phần mềm', unknown_area: 'Địa bàn khác',
    link_ok: 'Trực tiếp', link_wait: 'Đang nối…', link_lost: 'Mất kết nối',
    banner_lost: 'MẤT KẾT NỐI với máy chủ điều hành. Những gì thấy dưới đây là lúc {t}, cách đây {age}. Đang nối lại…',
    banner_stale: 'Dữ liệu đã cũ {age}: máy chủ điều hành không gửi tin mới.',
    banner_first: 'Đang nối với máy chủ điều hành…',
    nothing: 'Chưa có điểm cầu nào trong phiên này. Chọn điểm cầu rồi lên lịch phiên, hoặc nhập danh sách điểm cầu.',
    empty_timeline: 'Chưa có gì', conflicts: 'Ghi trùng',
  },
  en: {
    session: 'Session', all_sites: 'All sites', no_session: 'No session yet',
    alarms: 'Alarms', attendance: 'Attendance', timeline: 'Timeline', theme: 'Light / dark', close: 'Close',
    your_name: 'Your name', your_name_why: 'So that everybody knows who is on an alarm. Asked once.',
    sign_in: 'Sign in', sign_out: 'Sign out', account: 'Account', password: 'Password', code: 'Code',
    new_password: 'New password (at least 10 characters)',
    ok: 'OK', cancel: 'Cancel', ack: 'I take it', acked: 'In hand: {by}', no_alarms: 'No alarms',
    ack_failed: 'Not acknowledged: {why}', sites_of: '{n} sites', since: 'for {t}',
    'phase.draft': 'Draft', 'phase.scheduled': 'Scheduled', 'phase.rehearsing': 'Rehearsal', 'phase.armed': 'Armed',
    'phase.live': 'Live', 'phase.paused': 'Paused', 'phase.ended': 'Ended', 'phase.closed': 'Closed',
    'phase.cancelled': 'Cancelled',
    starts_in: 'Starts in', start_overdue: 'Overdue by', go_in: 'GO given, starts in', running: 'Running for',
    ended_ago: 'Ended, ago', paused_for: 'Paused, running for', auto_start: 'starts by itself',
    sites: 'Sites', online: 'Online', ready: 'Ready', not_ready: 'Not ready', started: 'Started',
    late: 'Late', failed: 'Failed', pending: 'Pending', reported: 'Reported', on_backup: 'On backup',
    offline: 'Offline', waived: 'Waived', stale: 'Stale',
    expected: 'Expected', present: 'Present', present_online: 'Online', excused: 'Excused', absent: 'Absent',
    not_marked: 'Not marked', checkins: 'Check-ins', reported_of: '{n}/{m} sites reported', attending: 'attending',
    'tile.failed': 'Failed', 'tile.offline': 'Offline', 'tile.stale': 'Stale', 'tile.trouble': 'Trouble',
    'tile.late': 'Late', 'tile.started': 'On air', 'tile.starting': 'Waiting for GO', 'tile.armed': 'Armed',
    'tile.ready': 'Ready', 'tile.not_ready': 'Not ready', 'tile.checking': 'Checking', 'tile.waiting': 'Waiting',
    'tile.never': 'Never seen', 'tile.waived': 'Waived', 'tile.paused': 'Paused', 'tile.ended': 'Ended',
    'tile.backup': 'Backup',
    'condition.no_signal': 'no signal', 'condition.no_video': 'no picture', 'condition.no_audio': 'no sound',
    'condition.black': 'black', 'condition.frozen': 'frozen', 'condition.silence': 'silent',
    'condition.low_bitrate': 'low bit rate', 'condition.low_fps': 'low frame rate', 'condition.wrong_format': 'wrong format',
    'condition.corrupted': 'corrupted', 'condition.packet_loss': 'packet loss', 'condition.line_too_slow': 'line too slow',
    'check.link': 'Coordinator', 'check.clock': 'Clock', 'check.main_feed': 'Main feed',
    'check.backup_feed': 'Backup feed', 'check.disk': 'Disk', 'check.cpu': 'Processor', 'check.version': 'Version',
    'check.screen': 'Screen', 'check.loudspeaker': 'Loudspeaker', 'check.camera': 'Camera', 'check.microphone': 'Microphone',
    'verdict.ok': 'ok', 'verdict.failed': 'failed', 'verdict.running': 'running', 'verdict.not_run': 'not run',
    heard: 'Last heard', never: 'never', ago: '{t} ago', technician: 'Technician', feeds: 'Feeds',
    checks: 'Checks', clock_error: 'Clock error', active: 'in use', agent: 'Software', unknown_area: 'Other area',
    link_ok: 'Live', link_wait: 'Connecting…', link_lost: 'Disconnected',
    banner_lost: 'DISCONNECTED from the coordinator. What you see is of {t}, {age} ago. Connecting again…',
    banner_stale: 'The data is {age} old: the coordinator sends nothing new.',
    banner_first: 'Connecting to the coordinator…',
    nothing: 'No sites in this session yet. Select sites and schedule the session, or import a roster.',
    empty_timeline: 'Nothing yet', conflicts: 'Twice marked',
  },
};

export let language = localStorage.getItem('diemcau.lang') === 'en' ? 'en' : 'vi';

export function setLanguage(next) {
  language = next;
  localStorage.setItem('diemcau.lang', next);
  document.documentElement.lang = next;
}

export function word(key, values = {}) {
  const found = words[language][key] ?? words.vi[key] ?? key;
  return found.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

export function hasWord(key) { return key in words.vi; }

// A Text of the coordinator.
export function said(text) {
  if (!text) return '';
  return (language === 'en' ? text.en || text.vi : text.vi || text.en) || '';
}

// 75 s -> "1:15"; with short words below a minute.
export function span(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n) => String(n).padStart(2, '0');
  const hours = Math.floor(s / 3600);
  if (hours >= 48) return `${Math.floor(hours / 24)} ${language === 'en' ? 'days' : 'ngày'}`;
  return hours ? `${hours}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
}

export function age(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  return s < 60 ? `${s} ${language === 'en' ? 's' : 'giây'}` : span(ms);
}
