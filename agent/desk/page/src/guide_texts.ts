// The one-page guides: what a technician and a clerk do, in order.
import { lang } from './texts';

interface Step { title: string; text: string; picture: Picture }
export type Picture = 'overview' | 'test' | 'camera' | 'rehearsal' | 'confirm' | 'help' | 'count' | 'names' | 'undo' | 'scan' | 'unsent' | 'pin';
interface Guide { title: string; lead: string; steps: Step[]; remember: string[] }
export type Who = 'technician' | 'clerk';

const vi: Record<Who, Guide> = {
  technician: {
    title: 'Hướng dẫn cho kỹ thuật viên điểm cầu',
    lead: 'Có mặt từ 60 phút trước giờ bắt đầu. Mở bàn điểm cầu: http://127.0.0.1:7690 trên máy của hội trường.',
    steps: [
      { title: 'Nhìn trang Tổng quan', text: 'Bốn ô: Kết nối, Mức sẵn sàng, Hình, Tiếng. Dấu ✓ là tốt, dấu ✕ là phải xử lý: đọc dòng chữ bên dưới.', picture: 'overview' },
      { title: 'Thử màn hình và loa', text: 'Trang Kỹ thuật, việc 1: chiếu hình thử, phát tiếng thử. Đứng cuối hội trường nhìn và nghe, rồi đánh dấu.', picture: 'test' },
      { title: 'Chỉnh camera, thử micrô', text: 'Camera thấy toàn hội trường rồi giữ nguyên. Thử micrô rồi tắt, chỉ bật khi được mời phát biểu.', picture: 'camera' },
      { title: 'Chạy thử với trung tâm', text: 'Máy tự đo luồng phát, đường truyền, đồng hồ. Mục nào có dấu ✕ thì làm theo lời nhắc bên cạnh.', picture: 'rehearsal' },
      { title: 'Gửi xác nhận', text: 'Nhập họ tên, bấm Gửi xác nhận. Trung tâm thấy ngay ai đã xác nhận việc gì.', picture: 'confirm' },
      { title: 'Có sự cố', text: 'Trang Báo sự cố: Mất hình, Mất tiếng hoặc Mất kết nối. Trang cho biết trung tâm đã nhận chưa và ai đang xử lý.', picture: 'help' },
    ],
    remember: ['Mất mạng: phiên ghi “tự động bắt đầu” vẫn bắt đầu đúng giờ; mọi thứ đã nhập không mất.', 'Đọc tin nhắn của trung tâm và bấm Đã đọc.', 'Trực cho đến khi phiên kết thúc.'],
  },
  clerk: {
    title: 'Hướng dẫn cho người điểm danh',
    lead: 'Dùng máy của hội trường, hoặc điện thoại cùng mạng: quét mã QR ở trang Thêm của máy hội trường, hoặc nhập mã PIN.',
    steps: [
      { title: 'Vào bàn điểm cầu', text: 'Quét mã QR trên máy của hội trường, hoặc mở địa chỉ ghi ở đó rồi nhập sáu chữ số PIN.', picture: 'pin' },
      { title: 'Báo số người', text: 'Trang Điểm danh, Số người: nhập bốn số rồi bấm Gửi số người. Báo lại bao nhiêu lần cũng được, lần mới nhất được tính.', picture: 'count' },
      { title: 'Điểm danh theo tên', text: 'Gõ tên không cần dấu: “dong da”, “nguyen van an”. Bấm Có mặt. Bấm lần nữa để bỏ.', picture: 'names' },
      { title: 'Quét mã của đại biểu', text: 'Bấm Quét mã QR, hoặc bấm vào ô tìm rồi dùng máy quét. Nhìn tên hiện ra xem có đúng người.', picture: 'scan' },
      { title: 'Nhập nhầm', text: 'Mục Vừa nhập: bấm Hoàn tác. Cả hai lần đều còn trong sổ của trung tâm.', picture: 'undo' },
      { title: 'Mất mạng', text: 'Cứ nhập tiếp. Trang ghi rõ bao nhiêu mục chưa gửi; chúng tự gửi, không nhập lại.', picture: 'unsent' },
    ],
    remember: ['Hai người ở hai cửa cùng điểm danh được, mỗi thiết bị đều thấy của nhau.', 'Mã QR chỉ dùng ở đúng điểm cầu và đúng buổi.', 'Nhập bù từ danh sách giấy: đánh dấu “Nhập bù từ danh sách giấy”.'],
  },
};

const en: Record<Who, Guide> = {
  technician: {
    title: 'Guide for the technician of a site',
    lead: 'Be there from 60 minutes before the start. Open the desk: http://127.0.0.1:7690 on the hall’s computer.',
    steps: [
      { title: 'Look at the overview', text: 'Four tiles: Connection, Readiness, Picture, Sound. ✓ is good, ✕ asks for you: read the line below it.', picture: 'overview' },
      { title: 'Test screen and loudspeakers', text: 'Page Technician, step 1: show the test picture and tone. Look and listen from the back of the hall, then tick.', picture: 'test' },
      { title: 'Camera and microphone', text: 'The camera shows the whole hall, then leave it still. Test the microphone, then keep it off until you are called.', picture: 'camera' },
      { title: 'Rehearsal with the centre', text: 'The computer measures feeds, line and clock. Where there is ✕, do what is said beside it.', picture: 'rehearsal' },
      { title: 'Confirm', text: 'Enter your name and send the confirmation. The centre sees at once who confirmed what.', picture: 'confirm' },
      { title: 'In trouble', text: 'Page Help: No picture, No sound or No connection. It shows whether the centre has seen it and who is on it.', picture: 'help' },
    ],
    remember: ['Without a network a session marked “starts by itself” starts on time, and nothing that was entered is lost.', 'Read the centre’s messages and mark them as read.', 'Stay until the session has ended.'],
  },
  clerk: {
    title: 'Guide for the clerk',
    lead: 'Use the hall’s computer, or a telephone in the same network: scan the QR on the hall’s computer, page More, or enter the PIN.',
    steps: [
      { title: 'Open the desk', text: 'Scan the QR on the hall’s computer, or open the address shown there and enter the six digits of the PIN.', picture: 'pin' },
      { title: 'Report the headcount', text: 'Page Attendance, Headcount: enter four numbers and send. As often as you like: the newest counts.', picture: 'count' },
      { title: 'Check in by name', text: 'Type a name without marks: “dong da”, “nguyen van an”. Press Present. Press again to take it back.', picture: 'names' },
      { title: 'Scan a delegate’s code', text: 'Press Scan a QR code, or click into the search field and use a hand scanner. See that the name is the person.', picture: 'scan' },
      { title: 'A mistake', text: 'Under Entered last press Undo. Both entries stay in the centre’s ledger.', picture: 'undo' },
      { title: 'Without a network', text: 'Go on. The page says how many entries are unsent; they are sent by themselves. Do not enter them again.', picture: 'unsent' },
    ],
    remember: ['Two clerks at two doors work together: each device sees the other’s entries.', 'A QR code is good at its own site and sitting only.', 'From a paper list: tick “Entered later, from a paper list”.'],
  },
};

export const guideOf = (who: Who): Guide => (lang.value === 'vi' ? vi : en)[who];
