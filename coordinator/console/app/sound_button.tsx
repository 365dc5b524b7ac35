// Turns the sound of alarms on and off; it rings once when it is turned on, so that everybody knows how it sounds.
import { Button } from '@web/components/button';
import { defineTexts } from '@web/language';
import { isSounding, setSounding } from './sound';

const t = defineTexts({
  on: ['Bật chuông', 'Sound on'],
  off: ['Tắt chuông', 'Sound off'],
});

export function SoundButton() {
  return <Button kind="quiet" class="small-button" onClick={() => setSounding(!isSounding.value)}>{isSounding.value ? `♪ ${t('off')}` : t('on')}</Button>;
}
