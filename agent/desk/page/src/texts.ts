// Every word that people read, Vietnamese first. tsc holds each to both languages.
import { signal } from '@preact/signals';
import { remember, remembered } from './memory';
import type { CheckKind, Presence, SitePhase, Text, Topic, Verdict } from './types';

export type Lang = 'vi' | 'en';
export const lang = signal<Lang>(remembered('desk.lang') === 'en' ? 'en' : 'vi');

export function setLang(next: Lang): void {
  lang.value = next;
  remember('desk.lang', next);
  document.documentElement.lang = next;
}

type Words = readonly [vi: string, en: string];

const words = {
  desk: ['Bàn điểm cầu', 'Site desk'],
  skip: ['Tới nội dung', 'Skip to the content'],
  tabs: ['Các trang', 'Pages'],
  overview: ['Tổng quan', 'Overview'],
  technician: ['Kỹ thuật', 'Technician'],
  attendance: ['Điểm danh', 'Attendance'],
  help: ['Báo sự cố', 'Help'],
  more: ['Thêm', 'More'],

  connected: ['Đã kết nối trung tâm', 'Connected to the centre'],
  away: ['Mất kết nối trung tâm', 'Not connected to the centre'],
  since: ['từ {t}', 'since {t}'],
  onItsOwn: ['Điểm cầu vẫn tự chạy theo kế hoạch; mọi điều nhập vào được giữ lại và tự gửi sau.',
    'The site goes on by its plan; what is entered is kept and sent later.'],
  gone: ['Máy của hội trường không trả lời đã {age} giây. Số liệu dưới đây đã cũ.',
    'The hall’s computer has not answered for {age} s. What you see is old.'],
  goneKept: ['Bạn vẫn nhập được: mọi thứ giữ trên thiết bị này và tự gửi khi có lại kết nối.',
    'You can go on: all is kept on this device and sent when it answers.'],
  unknownNow: ['Không rõ', 'Not known'],
  lastKnown: ['{age} giây trước: {word}', '{age} s ago: {word}'],
  asking: ['Đang hỏi máy của hội trường…', 'Asking the hall’s computer…'],

  noSession: ['Chưa có phiên hội nghị', 'No session yet'],
  noSessionHint: ['Khi trung tâm lên lịch, phiên sẽ hiện ở đây.', 'When the centre schedules one, it is shown here.'],
  left: ['còn', 'in'],
  leftLong: ['Bắt đầu sau', 'Starts in'],
  runningFor: ['Đã diễn ra', 'Running for'],
  due: ['Đã đến giờ', 'It is time'],
  dueHint: ['đợi trung tâm phát lệnh', 'waiting for the centre’s GO'],
  startsAt: ['Bắt đầu {t}', 'Starts {t}'],
  shownAt: ['Lên hình lúc {t}', 'Shown since {t}'],
  auto: ['tự động bắt đầu', 'starts by itself'],
  waived: ['trung tâm cho phép vắng', 'the centre starts without this site'],
  otherSessions: ['Phiên khác', 'Other sessions'],
  days: ['{n} ngày', '{n} days'],

  ready: ['Sẵn sàng', 'Ready'],
  readiness: ['Mức sẵn sàng', 'Readiness'],
  missing: ['Cần xử lý {n} mục', '{n} things to mend'],
  notSigned: ['kỹ thuật chưa xác nhận', 'the technician has not confirmed'],
  signedBy: ['{by} đã xác nhận', 'confirmed by {by}'],
  whenRehearsed: ['Tự kiểm tra khi chạy thử', 'Checked in the rehearsal'],
  picture: ['Hình', 'Picture'],
  sound: ['Tiếng', 'Sound'],
  connection: ['Kết nối', 'Connection'],
  good: ['Tốt', 'Good'],
  waitingSignal: ['Đang chờ tín hiệu', 'Waiting for a signal'],
  notMeasured: ['Chưa đo', 'Not measured'],
  measuredWhen: ['Chỉ đo khi chạy thử và khi hội nghị diễn ra', 'Measured in a rehearsal and during the session'],
  noSound: ['Không có tiếng', 'No sound'],
  quiet: ['Đang im lặng', 'Silent now'],
  heard: ['Nghe rõ', 'Good'],
  usesBackup: ['đang dùng luồng dự phòng', 'on the backup feed'],
  details: ['Chi tiết luồng phát', 'Feeds in detail'],
  mainFeed: ['Luồng chính', 'Main feed'],
  backupFeed: ['Luồng dự phòng', 'Backup feed'],
  feed: ['Luồng {id}', 'Feed {id}'],
  onScreen: ['đang chiếu', 'on the screen'],
  fps: ['{n} hình/giây', '{n} fps'],
  loudness: ['âm lượng {n} LUFS', 'loudness {n} LUFS'],
  lost: ['mất {n} gói', '{n} packets lost'],

  fromCentre: ['Trung tâm nhắn', 'From the centre'],
  noMessages: ['Chưa có tin nhắn.', 'No messages yet.'],
  markRead: ['Đã đọc', 'Mark as read'],
  read: ['Đã báo đã đọc', 'Read'],
  byAt: ['{by}, {t}', '{by}, {t}'],
  answersYou: ['trả lời báo sự cố của bạn', 'answers your call for help'],

  unsentSite: ['{n} mục đã lưu ở máy hội trường, chờ gửi về trung tâm', '{n} saved at the hall’s computer, to be sent to the centre'],
  onTheWay: ['Đang gửi {n} mục về trung tâm', '{n} on the way to the centre'],
  allSent: ['Mọi thứ đã tới trung tâm', 'Everything is at the centre'],
  unsentHere: ['{n} mục giữ trên thiết bị này, chưa tới máy hội trường', '{n} kept on this device, not yet at the hall’s computer'],
  nothingLost: ['Không mất gì: sẽ tự gửi, không cần nhập lại.', 'Nothing is lost: they are sent by themselves. Do not enter them again.'],
  onlyMemory: ['Trình duyệt này không cho lưu: đừng đóng trang khi còn mục chưa gửi.',
    'This browser keeps nothing: do not close the page while something is unsent.'],
  refusedTitle: ['Không được nhận', 'Not accepted'],
  dismiss: ['Đã rõ', 'Understood'],
  sentState: ['Đã lưu', 'Saved'],
  keptState: ['Giữ trên thiết bị này, sẽ tự gửi', 'Kept on this device, will be sent'],
  failed: ['Chưa lưu được: {why}', 'Not saved: {why}'],

  yourName: ['Họ tên của bạn', 'Your name'],
  enteredBy: ['Người nhập:', 'Entered by:'],
  changeName: ['Đổi', 'Change'],
  nameFirst: ['Hãy nhập họ tên của bạn trước.', 'Enter your name first.'],
  nameHint: ['Đi kèm mọi điều bạn gửi từ trang này.', 'It goes with all that you send from this page.'],
  note: ['Ghi chú', 'Note'],
  optional: ['không bắt buộc', 'optional'],

  checklist: ['Việc cần làm, theo thứ tự', 'What to do, in order'],
  onDuty: ['Có mặt từ 60 phút trước giờ bắt đầu cho đến hết phiên.', 'Be there from 60 minutes before the start until the end.'],
  step1: ['Bật màn hình, loa và thiết bị', 'Switch on screen, loudspeakers and devices'],
  step1Hint: ['Chiếu hình thử và phát tiếng thử, rồi nhìn và nghe từ cuối hội trường.',
    'Show the test picture and tone, then look and listen from the back of the hall.'],
  testStart: ['Chiếu hình thử, phát tiếng thử', 'Show test picture, play test tone'],
  testStop: ['Dừng thử', 'Stop the test'],
  testOn: ['Đang chiếu hình thử; tự tắt sau {t}', 'The test picture is on; ends by itself in {t}'],
  testOpening: ['Đang mở màn hình…', 'Opening the screen…'],
  testBusy: ['Phiên đang chờ lệnh hoặc đang diễn ra: không thử màn hình lúc này.', 'A session is armed or live: no tests on the screen now.'],
  testNoScreen: ['Máy này được đặt không chiếu lên màn hình ([probe] show = "none").', 'This computer is set to show nothing ([probe] show = "none").'],
  tickScreen: ['Màn hình, máy chiếu rõ', 'Screen and projector are clear'],
  tickLoudspeaker: ['Loa nghe rõ trong hội trường', 'Loudspeakers are heard in the hall'],
  step2: ['Chỉnh camera', 'Set the camera'],
  step2Hint: ['Thấy toàn hội trường, đủ sáng. Chỉnh xong thì giữ nguyên đến hết phiên.',
    'It shows the whole hall, with enough light. Then leave it still until the end.'],
  onlyYou: ['Máy không đo được việc này: bạn nhìn và xác nhận.', 'Nothing measures this: you look and confirm.'],
  tickCamera: ['Camera thấy toàn hội trường', 'The camera shows the hall'],
  step3: ['Chạy thử với trung tâm', 'Rehearsal with the centre'],
  step3Hint: ['Trung tâm cho chạy thử; máy tự đo, không phát ra hội trường.', 'The centre starts it; this computer measures, without a sound in the hall.'],
  step3None: ['Chưa chạy thử. Thường tự chạy 60 phút và 15 phút trước giờ bắt đầu.', 'No rehearsal yet. It usually runs 60 and 15 minutes before the start.'],
  step4: ['Thử micrô, rồi tắt', 'Test the microphone, then switch it off'],
  step4Hint: ['Giữ tắt cho đến khi được mời phát biểu.', 'Keep it off until you are called.'],
  tickMicrophone: ['Micrô đã thử, hiện đang tắt', 'Microphone tested, off now'],
  step5: ['Xác nhận', 'Confirm'],
  step5Hint: ['Việc nào chưa đánh dấu thì trung tâm thấy là chưa xác nhận.', 'What is not ticked, the centre sees as not confirmed.'],
  confirm: ['Gửi xác nhận', 'Send the confirmation'],
  confirmAgain: ['Gửi lại xác nhận', 'Confirm again'],
  confirmedAt: ['{by} xác nhận lúc {t}', 'Confirmed by {by} at {t}'],
  ticked: ['{n}/4 việc đã đánh dấu', '{n} of 4 ticked'],
  step6: ['Trực đến hết phiên', 'Stay until the end'],
  step6Hint: ['Không di chuyển camera, không bật micrô khi chưa được mời. Có sự cố: trang Báo sự cố.',
    'Do not move the camera or open the microphone uncalled. In trouble: the Help page.'],
  diskFree: ['còn trống {n} GB', '{n} GB free'],
  clockError: ['lệch tối đa {n} ms', 'known to {n} ms'],
  roundTrip: ['đi về {n} ms', 'round trip {n} ms'],
  version: ['phiên bản {v}', 'version {v}'],

  sitting: ['Buổi', 'Sitting'],
  headcount: ['Số người', 'Headcount'],
  byNames: ['Theo tên', 'By name'],
  sendCount: ['Gửi số người', 'Send the headcount'],
  lastCount: ['{by} báo lúc {t}: {n} người có mặt', '{by} reported at {t}: {n} present'],
  presentCount: ['{n} người dự', '{n} attend'],
  noCount: ['Chưa báo số người', 'No headcount yet'],
  takeOver: ['Lấy số này', 'Take these numbers'],
  total: ['Cộng: {n}', 'In all: {n}'],
  expected: ['danh sách {n} người', '{n} on the list'],
  less: ['Bớt một: {what}', 'One less: {what}'],
  plus: ['Thêm một: {what}', 'One more: {what}'],
  plusTen: ['+10 {what}', '+10 {what}'],
  search: ['Tìm tên, đơn vị (không cần dấu), hoặc quét mã', 'Name or unit (marks not needed), or a scanned code'],
  clear: ['Xoá', 'Clear'],
  filterAll: ['Tất cả', 'All'],
  filterOpen: ['Chưa điểm', 'Not marked'],
  filterDone: ['Đã điểm', 'Marked'],
  nobody: ['Không có ai tên như vậy.', 'Nobody of that name.'],
  allMarked: ['Đã điểm danh hết.', 'Everybody is marked.'],
  noDelegates: ['Điểm cầu này không có danh sách đại biểu: chỉ cần báo số người.', 'This site has no list of delegates: report the headcount.'],
  moreRows: ['Hiện thêm {n} người', 'Show {n} more'],
  markedAs: ['{name}: {state}', '{name}: {state}'],
  stateFor: ['Điểm danh cho {name}', 'Check in {name}'],
  marked: ['{n}/{x} đã điểm danh', '{n} of {x} marked'],
  lateEntry: ['Nhập bù từ danh sách giấy', 'Entered later, from a paper list'],
  reason: ['Lý do vắng', 'Reason'],
  reasonHint: ['Ghi lý do (không bắt buộc)', 'Reason (optional)'],
  scan: ['Quét mã QR', 'Scan a QR code'],
  others: ['Khác', 'Other'],
  othersFor: ['Trạng thái khác cho {name}', 'Other states for {name}'],
  scanTitle: ['Đưa mã QR vào khung', 'Hold the code into the frame'],
  scanPhoto: ['Chụp ảnh mã QR', 'Take a photo of the code'],
  scanPhotoHint: ['Trình duyệt này chỉ cho chụp ảnh, không xem trực tiếp được.', 'This browser allows a photo only, no live picture.'],
  scanNone: ['Không thấy mã trong ảnh: chụp lại gần hơn, đủ sáng.', 'No code in the photo: come closer, with more light.'],
  scanStop: ['Đóng camera', 'Close the camera'],
  scanNoCamera: ['Không mở được camera: {why}', 'The camera cannot be opened: {why}'],
  scanForeign: ['Đây không phải mã điểm danh.', 'This is not a check-in code.'],
  scanUnknown: ['Mã không có trong danh sách của buổi này; khi có kết nối sẽ biết rõ hơn.', 'The code is not on this sitting’s list; more is known once connected.'],
  scanTyper: ['Máy quét cầm tay: bấm vào ô tìm rồi quét.', 'Hand scanner: click into the search field, then scan.'],
  log: ['Vừa nhập', 'Entered last'],
  logEmpty: ['Chưa có gì ở buổi này.', 'Nothing in this sitting yet.'],
  logCount: ['số người: {n} có mặt', 'headcount: {n} present'],
  corrected: ['sửa lại', 'corrected'],
  undo: ['Hoàn tác', 'Undo'],
  undoWhat: ['Hoàn tác: {what}', 'Undo: {what}'],
  undone: ['Hoàn tác {what}', 'Undo {what}'],
  printCodes: ['In mã QR cho đại biểu', 'Print delegates’ QR codes'],
  printCodesHint: ['Mỗi mã chỉ dùng được ở điểm cầu này, cho buổi này.', 'Each code is good at this site and for this sitting only.'],

  helpLead: ['Bấm một nút: trung tâm biết ngay, kèm số đo của máy.', 'Press one button: the centre knows at once, with what is measured here.'],
  helpMore: ['Nói thêm', 'More'],
  helpSaved: ['Đã báo: {topic}', 'Reported: {topic}'],
  helpSend: ['Báo: {topic}', 'Report: {topic}'],
  helpYours: ['Đã báo', 'Your calls'],
  helpKept: ['giữ trên thiết bị này, chưa gửi được', 'kept on this device, not sent yet'],
  helpWaits: ['đã lưu, chờ gửi về trung tâm', 'saved, waiting to be sent'],
  helpSent: ['trung tâm đã nhận, đợi người xử lý', 'received at the centre, nobody on it yet'],
  helpSeen: ['trung tâm đang xử lý', 'the centre is on it'],
  helpSeenBy: ['{by} đang xử lý, từ {t}', '{by} is on it, since {t}'],
  ownView: ['Máy này đo thấy', 'This computer sees'],
  diagPictureGood: ['Luồng phát vẫn có hình tốt: kiểm tra máy chiếu, dây hình, nguồn điện.', 'The feed has a good picture: check projector, cable, power.'],
  diagSoundGood: ['Luồng phát vẫn có tiếng: kiểm tra loa, âm ly, dây tiếng.', 'The feed has sound: check loudspeakers, amplifier, cable.'],
  diagSoundQuiet: ['Luồng phát đang im lặng, có thể do người nói chưa bật micrô.', 'The feed is silent now; the speaker may be muted.'],
  diagConnected: ['Đang kết nối với trung tâm.', 'Connected to the centre.'],
  diagLine: ['Kiểm tra dây mạng, modem. {why}', 'Check network cable and modem. {why}'],
  diagNone: ['Chưa đo luồng phát.', 'No feed is being measured.'],

  devices: ['Thiết bị khác trong hội trường', 'Other devices in the hall'],
  devicesHint: ['Điện thoại, máy tính khác cùng mạng của hội trường: quét mã QR, hoặc mở địa chỉ rồi nhập mã PIN.',
    'Telephones and other computers in the hall’s network: scan the QR, or open the address and enter the PIN.'],
  devicesClosed: ['Bàn điểm cầu hiện chỉ mở trên máy này. Muốn mở cho thiết bị khác: đặt [desk] listen = "0.0.0.0:7690" trong agent.toml rồi khởi động lại dịch vụ.',
    'The desk is open on this computer only. To open it: set [desk] listen = "0.0.0.0:7690" in agent.toml and restart the service.'],
  devicesThere: ['Mã PIN chỉ hiện trên máy của hội trường.', 'The PIN is shown on the hall’s own computer only.'],
  pin: ['Mã PIN', 'PIN'],
  pinLeft: ['còn dùng được {t}', 'good for {t}'],
  pinVoid: ['Bị khoá vì thử sai quá nhiều: hãy tạo mã mới.', 'Void, it was guessed at too often: make a new one.'],
  pinNew: ['Tạo mã PIN mới', 'Make a new PIN'],
  pinNewHint: ['Mọi thiết bị đang dùng phải nhập lại.', 'All devices have to enter it again.'],
  deviceCount: ['{n} thiết bị đang dùng', '{n} devices are in'],
  enterTitle: ['Nhập mã PIN', 'Enter the PIN'],
  enterHint: ['Sáu chữ số trên màn hình máy của hội trường, trang Thêm.', 'Six digits on the hall’s own computer, page More.'],
  enter: ['Vào bàn điểm cầu', 'Open the desk'],
  enterKept: ['{n} mục trên thiết bị này đang chờ gửi; không mất.', '{n} entries wait on this device; they are not lost.'],
  leave: ['Thoát khỏi thiết bị này', 'Leave on this device'],
  language: ['Ngôn ngữ', 'Language'],
  theme: ['Màu nền', 'Colours'],
  themeAuto: ['Theo máy', 'As the device'],
  themeLight: ['Sáng', 'Light'],
  themeDark: ['Tối', 'Dark'],
  guides: ['Hướng dẫn một trang', 'One-page guides'],
  guideTechnician: ['Cho kỹ thuật viên', 'For the technician'],
  guideClerk: ['Cho người điểm danh', 'For the clerk'],
  print: ['In trang này', 'Print this page'],
  back: ['Quay lại', 'Back'],
} as const satisfies Record<string, Words>;

export type Key = keyof typeof words;

export function say(key: Key, values: Record<string, string | number> = {}): string {
  const text: string = words[key][lang.value === 'vi' ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

// Both languages at once, for what is kept and may be read in the other one later.
export function both(key: Key, values: Record<string, string | number> = {}): Text {
  const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
  return { vi: fill(words[key][0]), en: fill(words[key][1]) };
}

export function read(text: Text | undefined | null): string {
  if (!text) return '';
  return lang.value === 'vi' ? text.vi || text.en : text.en || text.vi;
}

const pick = <K extends string>(table: Record<K, Words>) => (key: K): string => table[key]?.[lang.value === 'vi' ? 0 : 1] ?? key;

export const phaseWord = pick<SitePhase>({
  idle: ['Không có phiên', 'No session'],
  waiting: ['Đã lên lịch', 'Scheduled'],
  rehearsing: ['Đang chạy thử', 'Rehearsal'],
  armed: ['Chờ phát lệnh', 'Waiting for GO'],
  starting: ['Sắp bắt đầu', 'About to start'],
  started: ['Đang diễn ra', 'Live'],
  paused: ['Tạm nghỉ', 'Break'],
  ended: ['Đã kết thúc', 'Ended'],
  failed: ['Không lên hình được', 'Cannot show the picture'],
});
export const verdictWord = pick<Verdict>({
  not_checked: ['Chưa kiểm tra', 'Not checked'],
  checking: ['Đang kiểm tra', 'Checking'],
  ready: ['Sẵn sàng', 'Ready'],
  not_ready: ['Chưa sẵn sàng', 'Not ready'],
});
export const checkWord = pick<CheckKind>({
  unknown: ['Việc khác', 'Other'],
  link: ['Kết nối trung tâm', 'Connection'],
  clock: ['Đồng hồ', 'Clock'],
  main_feed: ['Luồng chính', 'Main feed'],
  backup_feed: ['Luồng dự phòng', 'Backup feed'],
  disk: ['Ổ đĩa', 'Disk'],
  cpu: ['Máy tính', 'Computer'],
  version: ['Phần mềm', 'Software'],
  screen: ['Màn hình', 'Screen'],
  loudspeaker: ['Loa', 'Loudspeakers'],
  camera: ['Camera', 'Camera'],
  microphone: ['Micrô', 'Microphone'],
});
export const topicWords: Record<Topic, Words> = {
  no_picture: ['Mất hình', 'No picture'],
  no_sound: ['Mất tiếng', 'No sound'],
  no_connection: ['Mất kết nối', 'No connection'],
  other: ['Việc khác', 'Other'],
};
export const topicWord = pick<Topic>(topicWords);
export const presenceWords: Record<Presence, Words> = {
  present: ['Có mặt', 'Present'],
  online: ['Trực tuyến', 'Online'],
  excused: ['Vắng có lý do', 'Excused'],
  absent: ['Vắng', 'Absent'],
  not_marked: ['Chưa điểm danh', 'Not marked'],
};
export const presenceWord = pick<Presence>(presenceWords);
