// A sound for a new alarm. Browsers play nothing before somebody pressed something, so it is turned on by a button.
import { signal } from '@preact/signals';
import { kept } from '@web/kept';

const stored = kept('diemcau.sound');
export const isSounding = signal(false);
let context: AudioContext | null = null;

export function setSounding(on: boolean): void {
  isSounding.value = on;
  stored.write(on ? 'on' : '');
  if (on) {
    context ??= new AudioContext();
    void context.resume();
    ring();
  }
}

/** Two short notes, once; nothing where the sound is off. */
export function ring(): void {
  if (!isSounding.value || context === null) return;
  const from = context.currentTime;
  for (const [at, pitch] of [[0, 880], [0.18, 660]] as const) {
    const tone = context.createOscillator(), loud = context.createGain();
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0.0001, from + at);
    loud.gain.exponentialRampToValueAtTime(0.25, from + at + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.0001, from + at + 0.16);
    tone.connect(loud).connect(context.destination);
    tone.start(from + at);
    tone.stop(from + at + 0.18);
  }
}
