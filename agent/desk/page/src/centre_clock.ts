// The centre's clock as the agent told it last, so that what is entered while the agent does not answer carries the
// moment when it was entered. Kept over a reload.
import { remember, remembered } from './memory';

const key = 'desk.clock_offset_ms';
let offset = Number(remembered(key)) || 0;

export function heardCentre(nowUs: number, local = Date.now()): void {
  const next = Math.round(nowUs / 1000 - local);
  if (Math.abs(next - offset) > 50) remember(key, String(next));
  offset = next;
}

export const centreNowUs = (local = Date.now()): number => (local + offset) * 1000;
