// The few words that the components themselves say.
import { defineTexts } from '../language';

export const t = defineTexts({
  close: ['Đóng', 'Close'],
  dismiss: ['Ẩn thông báo', 'Dismiss the notice'],
  holdOn: ['Giữ nút để xác nhận', 'Hold to confirm'],
  empty: ['Không có mục nào.', 'Nothing here.'],
});
