import { defineTexts } from '@web/language';

export const a = defineTexts({
  brand: ['Điểm cầu', 'Diemcau'],
  looking: ['Đang nối với máy chủ điều hành…', 'Connecting to the coordinator…'],
  skip: ['Tới nội dung', 'Skip to content'],
  nav: ['Trang', 'Pages'],
  sessions: ['Phiên hội nghị', 'Sessions'],
  alarms: ['Cảnh báo', 'Alarms'],
  roster: ['Danh sách điểm cầu', 'Roster'],
  people: ['Người dùng', 'People'],
  audit: ['Nhật ký', 'Audit'],
  account: ['Tài khoản của tôi', 'My account'],
  signOut: ['Đăng xuất', 'Sign out'],
  otherLanguage: ['English', 'Tiếng Việt'],
  themeAuto: ['Sáng/tối: theo máy', 'Theme: system'],
  themeLight: ['Sáng/tối: sáng', 'Theme: light'],
  themeDark: ['Sáng/tối: tối', 'Theme: dark'],
  open: ['Chưa có tài khoản: ai ở máy này cũng điều hành được.', 'There are no accounts: everybody on this machine may do everything.'],
});
