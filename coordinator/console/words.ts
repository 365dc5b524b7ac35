// The words of the messages' own values: one table for each enumeration, every value in it.
import { Alarm_Kind } from '@messages/alarm_pb';
import { Presence_State } from '@messages/attendance_pb';
import { AuditEntry_Outcome } from '@messages/audit_pb';
import { SiteIdentity_State } from '@messages/enrolment_pb';
import { Condition_Name } from '@messages/health_pb';
import { Role_Name } from '@messages/people_pb';
import { Check_Kind, Check_Verdict } from '@messages/readiness_pb';
import { Outcome_State, Phase_Name } from '@messages/session_pb';
import { LinkState_Name } from '@messages/view_pb';
import { defineTexts, defineWords } from '@web/language';

export const phaseWord = defineWords<Phase_Name>({
  [Phase_Name.draft]: ['Bản nháp', 'Draft'],
  [Phase_Name.scheduled]: ['Đã lên lịch', 'Scheduled'],
  [Phase_Name.rehearsing]: ['Chạy thử', 'Rehearsal'],
  [Phase_Name.armed]: ['Chờ lệnh', 'Armed'],
  [Phase_Name.live]: ['Đang phát', 'Live'],
  [Phase_Name.paused]: ['Tạm nghỉ', 'Paused'],
  [Phase_Name.ended]: ['Đã kết thúc', 'Ended'],
  [Phase_Name.closed]: ['Đã khóa sổ', 'Closed'],
  [Phase_Name.cancelled]: ['Đã hủy', 'Cancelled'],
});

export const conditionWord = defineWords<Condition_Name>({
  [Condition_Name.none]: ['tốt', 'well'],
  [Condition_Name.no_signal]: ['mất tín hiệu', 'no signal'],
  [Condition_Name.no_video]: ['không có hình', 'no picture'],
  [Condition_Name.no_audio]: ['không có tiếng', 'no sound'],
  [Condition_Name.black]: ['hình đen', 'black'],
  [Condition_Name.frozen]: ['hình đứng', 'frozen'],
  [Condition_Name.silence]: ['im lặng', 'silent'],
  [Condition_Name.low_bitrate]: ['tốc độ thấp', 'low bit rate'],
  [Condition_Name.low_fps]: ['ít khung hình', 'low frame rate'],
  [Condition_Name.wrong_format]: ['sai định dạng', 'wrong format'],
  [Condition_Name.corrupted]: ['hình vỡ', 'corrupted'],
  [Condition_Name.packet_loss]: ['mất gói', 'packet loss'],
  [Condition_Name.line_too_slow]: ['đường truyền chậm', 'line too slow'],
  [Condition_Name.stutter]: ['hình giật', 'stutter'],
  [Condition_Name.high_delay]: ['trễ đường truyền', 'high delay'],
  [Condition_Name.jitter]: ['gói đến không đều', 'uneven arrival'],
  [Condition_Name.too_quiet]: ['tiếng quá nhỏ', 'too quiet'],
  [Condition_Name.clipping]: ['tiếng vỡ', 'sound distorted'],
  [Condition_Name.av_skew]: ['lệch tiếng hình', 'sound and picture apart'],
  [Condition_Name.timestamps]: ['sai mốc thời gian', 'wrong timestamps'],
  [Condition_Name.wrong_feed]: ['sai luồng', 'wrong feed'],
});

export const checkWord = defineWords<Check_Kind>({
  [Check_Kind.unknown]: ['Kiểm tra khác', 'Other check'],
  [Check_Kind.link]: ['Nối với trung tâm', 'Link to the centre'],
  [Check_Kind.clock]: ['Đồng hồ', 'Clock'],
  [Check_Kind.main_feed]: ['Luồng chính', 'Main feed'],
  [Check_Kind.backup_feed]: ['Luồng dự phòng', 'Backup feed'],
  [Check_Kind.disk]: ['Ổ đĩa', 'Disk'],
  [Check_Kind.cpu]: ['Bộ xử lý', 'Processor'],
  [Check_Kind.version]: ['Phiên bản', 'Version'],
  [Check_Kind.screen]: ['Màn hình', 'Screen'],
  [Check_Kind.loudspeaker]: ['Loa', 'Loudspeaker'],
  [Check_Kind.camera]: ['Máy quay', 'Camera'],
  [Check_Kind.microphone]: ['Micrô', 'Microphone'],
});

export const verdictWord = defineWords<Check_Verdict>({
  [Check_Verdict.not_run]: ['chưa thử', 'not run'],
  [Check_Verdict.running]: ['đang thử', 'running'],
  [Check_Verdict.ok]: ['đạt', 'ok'],
  [Check_Verdict.failed]: ['không đạt', 'failed'],
});

export const linkWord = defineWords<LinkState_Name>({
  [LinkState_Name.never]: ['chưa kết nối', 'never seen'],
  [LinkState_Name.online]: ['trực tuyến', 'online'],
  [LinkState_Name.stale]: ['chậm tin', 'stale'],
  [LinkState_Name.offline]: ['mất liên lạc', 'offline'],
});

export const outcomeWord = defineWords<Outcome_State>({
  [Outcome_State.pending]: ['đang chờ', 'pending'],
  [Outcome_State.started]: ['đã lên hình', 'started'],
  [Outcome_State.late]: ['chậm', 'late'],
  [Outcome_State.failed]: ['không lên được', 'failed'],
  [Outcome_State.waived]: ['được miễn', 'waived'],
});

export const presenceWord = defineWords<Presence_State>({
  [Presence_State.not_marked]: ['chưa ghi', 'not marked'],
  [Presence_State.present]: ['có mặt', 'present'],
  [Presence_State.online]: ['trực tuyến', 'online'],
  [Presence_State.excused]: ['vắng có lý do', 'excused'],
  [Presence_State.absent]: ['vắng', 'absent'],
});

export const alarmWord = defineWords<Alarm_Kind>({
  [Alarm_Kind.unknown]: ['Cảnh báo', 'Alarm'],
  [Alarm_Kind.feed]: ['Luồng phát', 'Feed'],
  [Alarm_Kind.link_lost]: ['Mất liên lạc', 'Link lost'],
  [Alarm_Kind.not_started]: ['Chưa bắt đầu', 'Not started'],
  [Alarm_Kind.help]: ['Gọi hỗ trợ', 'Help'],
  [Alarm_Kind.clock]: ['Đồng hồ', 'Clock'],
  [Alarm_Kind.duplicate_site]: ['Trùng điểm cầu', 'Duplicate site'],
  [Alarm_Kind.not_ready]: ['Chưa sẵn sàng', 'Not ready'],
  [Alarm_Kind.slow_centre]: ['Trung tâm chậm', 'Slow centre'],
});

export const roleWord = defineWords<Role_Name>({
  [Role_Name.none]: ['không có', 'none'],
  [Role_Name.viewer]: ['xem', 'viewer'],
  [Role_Name.operator]: ['điều hành', 'operator'],
  [Role_Name.admin]: ['quản trị', 'admin'],
  [Role_Name.auditor]: ['kiểm tra', 'auditor'],
});

export const identityWord = defineWords<SiteIdentity_State>({
  [SiteIdentity_State.never]: ['chưa có khóa', 'no key'],
  [SiteIdentity_State.invited]: ['đã cấp mã', 'invited'],
  [SiteIdentity_State.enrolled]: ['đã đăng ký', 'enrolled'],
  [SiteIdentity_State.revoked]: ['đã thu hồi', 'revoked'],
});

export const auditWord = defineWords<AuditEntry_Outcome>({
  [AuditEntry_Outcome.done]: ['xong', 'done'],
  [AuditEntry_Outcome.refused]: ['bị từ chối', 'refused'],
  [AuditEntry_Outcome.failed]: ['không làm được', 'failed'],
});

/** Words that many places use. */
export const w = defineTexts({
  nSites: ['{n} điểm cầu', '{n} {n:site|sites}'],
  cancel: ['Thôi', 'Cancel'],
  save: ['Lưu', 'Save'],
  ok: ['Đồng ý', 'OK'],
  done: ['Đã xong.', 'Done.'],
  ago: ['{t} trước', '{t} ago'],
  never: ['chưa từng', 'never'],
  loading: ['Đang tải…', 'Loading…'],
  reason: ['Lý do', 'Reason'],
  main: ['chính', 'main'],
  backup: ['dự phòng', 'backup'],
  notes: ['Ghi chú', 'Notes'],
});

/** A feed's id, said: the first two have names that everybody knows. */
export function feedWord(id: string): string {
  return id === 'main' ? w('main') : id === 'backup' ? w('backup') : id;
}
