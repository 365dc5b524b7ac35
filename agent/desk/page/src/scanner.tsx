// Codes by camera: live where the browser allows it, which is on the hall's own computer; by a photo elsewhere. Decoded
// by the browser itself where it can, else by a decoder that is loaded when it is first needed.
import { type JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from './texts';

interface Detector { detect(source: CanvasImageSource): Promise<{ rawValue: string }[]> }
type DetectorClass = new (options: { formats: string[] }) => Detector;

const everyMs = 200;
const widest = 1024; // pixels; a larger photo is made smaller first
const againAfterMs = 3000; // the same code is taken once while it is held in front of the camera

function ownDetector(): Detector | null {
  const made = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  try {
    return made ? new made({ formats: ['qr_code'] }) : null;
  } catch {
    return null;
  }
}

async function decode(canvas: HTMLCanvasElement, detector: Detector | null): Promise<string> {
  if (detector) {
    try {
      const found = await detector.detect(canvas);
      if (found[0]) return found[0].rawValue;
      return '';
    } catch {
      // Some browsers have the class and no decoder behind it.
    }
  }
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
  if (!pixels) return '';
  const { default: jsQR } = await import('jsqr');
  return jsQR(pixels.data, pixels.width, pixels.height)?.data ?? '';
}

function draw(canvas: HTMLCanvasElement, source: CanvasImageSource, width: number, height: number): void {
  const scale = Math.min(1, widest / Math.max(width, height, 1));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext('2d', { willReadFrequently: true })?.drawImage(source, 0, 0, canvas.width, canvas.height);
}

const live = (): boolean => typeof navigator.mediaDevices?.getUserMedia === 'function';

export function Scanner(props: { found: (code: string) => void; close: () => void }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  const [trouble, setTrouble] = useState('');
  const found = useRef(props.found);
  found.current = props.found;
  const [withCamera, setWithCamera] = useState(live());

  useEffect(() => {
    if (!withCamera) return;
    let over = false;
    let stream: MediaStream | null = null;
    let timer = 0;
    let last = { code: '', at: 0 };
    const canvas = document.createElement('canvas');
    const detector = ownDetector();
    const look = async (): Promise<void> => {
      const seen = video.current;
      if (seen && seen.videoWidth > 0) {
        draw(canvas, seen, seen.videoWidth, seen.videoHeight);
        const code = await decode(canvas, detector);
        if (code && !over && (code !== last.code || Date.now() - last.at > againAfterMs)) found.current(code);
        if (code) last = { code, at: Date.now() };
      }
      if (!over) timer = window.setTimeout(() => void look(), everyMs);
    };
    navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false }).then(async (opened) => {
      stream = opened;
      if (over || !video.current) return opened.getTracks().forEach((track) => track.stop());
      video.current.srcObject = opened;
      await video.current.play();
      void look();
    }).catch((error: unknown) => {
      setTrouble(say('scanNoCamera', { why: error instanceof Error ? error.message : '' }));
      setWithCamera(false);
    });
    return () => {
      over = true;
      clearTimeout(timer);
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, [withCamera]);

  const photo = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    try {
      const picture = await createImageBitmap(file);
      const canvas = document.createElement('canvas');
      draw(canvas, picture, picture.width, picture.height);
      const code = await decode(canvas, ownDetector());
      setTrouble(code ? '' : say('scanNone'));
      if (code) props.found(code);
    } catch {
      setTrouble(say('scanNone'));
    }
  };

  return (
    <section class="scanner" aria-label={say('scan')}>
      {withCamera ? (
        <>
          <p>{say('scanTitle')}</p>
          <video ref={video} muted playsInline />
        </>
      ) : (
        <>
          <label class="photo">
            {say('scanPhoto')}
            <input type="file" accept="image/*" capture="environment"
              onChange={(event) => {
                const field = event.currentTarget;
                void photo(field.files?.[0]).then(() => {
                  field.value = ''; // so that the next photo is another one even if it has the same name
                });
              }} />
          </label>
          <p class="soft">{say('scanPhotoHint')}</p>
        </>
      )}
      <p class="bad" role="status">{trouble}</p>
      <p class="soft">{say('scanTyper')}</p>
      <button type="button" onClick={props.close}>{say('scanStop')}</button>
    </section>
  );
}
