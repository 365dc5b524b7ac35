// The guides as a page, and drawings of the desk's pages for them.
import { type JSX } from 'preact';
import { guideOf, type Picture, type Who } from './guide_texts';
import { presenceWord, say, topicWord } from './texts';

const T = (props: { x: number; y: number; children: string; bold?: boolean; middle?: boolean; white?: boolean; size?: number }): JSX.Element => (
  <text x={props.x} y={props.y} font-size={props.size ?? 7} font-weight={props.bold ? 700 : 400}
    text-anchor={props.middle ? 'middle' : 'start'} class={props.white ? 'on-main' : undefined}>{props.children}</text>
);
const Tick = ({ x, y }: { x: number; y: number }): JSX.Element => <path class="ok" d={`M${x} ${y}l3 3 5-6`} />;
const Cross = ({ x, y }: { x: number; y: number }): JSX.Element => <path class="no" d={`M${x} ${y - 3}l6 6m0-6l-6 6`} />;
const Button = (props: { x: number; y: number; w: number; h?: number; children: string; main?: boolean; size?: number }): JSX.Element => {
  const h = props.h ?? 14;
  return (
    <g>
      <rect x={props.x} y={props.y} width={props.w} height={h} rx={3} class={props.main ? 'main-box' : 'box'} />
      <T x={props.x + props.w / 2} y={props.y + h / 2 + 2.5} middle bold white={props.main ?? false} size={props.size ?? 7}>{props.children}</T>
    </g>
  );
};

function tiles(): JSX.Element {
  const words = [say('connection'), say('readiness'), say('picture'), say('sound')];
  return (
    <>
      <rect x={6} y={6} width={148} height={26} rx={3} class="box" />
      <T x={12} y={22} bold>{say('leftLong')}</T>
      <T x={148 - 30} y={23} bold size={11}>12:05</T>
      {words.map((word, i) => {
        const x = 6 + (i % 2) * 76;
        const y = 38 + Math.floor(i / 2) * 27;
        return (
          <g key={word}>
            <rect x={x} y={y} width={72} height={23} rx={3} class="box" />
            {i === 3 ? <Cross x={x + 6} y={y + 12} /> : <Tick x={x + 5} y={y + 12} />}
            <T x={x + 19} y={y + 14}>{word}</T>
          </g>
        );
      })}
    </>
  );
}

const pictures: Record<Picture, () => JSX.Element> = {
  overview: tiles,
  test: () => (
    <>
      <T x={8} y={16} bold size={6}>{`1. ${say('step1')}`}</T>
      <Button x={8} y={24} w={120} main size={6}>{say('testStart')}</Button>
      {['#c8c8c8', '#c8c800', '#00c8c8', '#00c800', '#c800c8', '#c80000', '#0000c8'].map((colour, i) => (
        <rect key={colour} x={8 + i * 14} y={46} width={14} height={26} fill={colour} />
      ))}
      <path class="line" d="M116 55v8h5l7 6V49l-7 6zM134 53q5 6 0 12" />
      <rect x={8} y={78} width={9} height={9} class="box" /><Tick x={9} y={82} />
      <T x={22} y={85}>{say('tickScreen')}</T>
    </>
  ),
  camera: () => (
    <>
      <path class="line" d="M20 18h34v22H20zM54 25l14-7v22l-14-7M37 40v8M28 54l9-6 9 6" />
      <path class="line" d="M92 54V30h56v24M98 54v-6h8v6M112 54v-6h8v6M126 54v-6h8v6M92 54h56" />
      {[say('tickCamera'), say('tickMicrophone')].map((word, i) => (
        <g key={word}>
          <rect x={8} y={64 + i * 15} width={9} height={9} class="box" /><Tick x={9} y={68 + i * 15} />
          <T x={22} y={71 + i * 15}>{word}</T>
        </g>
      ))}
    </>
  ),
  undo: () => (
    <>
      <T x={8} y={16} bold size={8}>{say('log')}</T>
      {['Nguyễn Văn An', 'Đỗ Thị Hà'].map((name, i) => (
        <g key={name}>
          <T x={8} y={36 + i * 28} bold>{name}</T>
          <T x={8} y={45 + i * 28}>{presenceWord(i === 0 ? 'absent' : 'present')}</T>
          <Button x={106} y={29 + i * 28} w={46} h={17} main={i === 0}>{say('undo')}</Button>
        </g>
      ))}
    </>
  ),
  rehearsal: () => (
    <>
      <T x={8} y={16} bold>{`3. ${say('step3')}`}</T>
      {[say('mainFeed'), say('backupFeed'), say('connection')].map((word, i) => (
        <g key={word}>
          {i === 1 ? <Cross x={12} y={33 + i * 20} /> : <Tick x={11} y={33 + i * 20} />}
          <T x={26} y={36 + i * 20} bold={i === 1}>{word}</T>
          <rect x={90} y={30 + i * 20} width={56} height={6} rx={2} class="faint" />
        </g>
      ))}
    </>
  ),
  confirm: () => (
    <>
      {[say('tickCamera'), say('tickMicrophone')].map((word, i) => (
        <g key={word}>
          <rect x={8} y={10 + i * 16} width={9} height={9} class="box" /><Tick x={9} y={14 + i * 16} />
          <T x={22} y={17 + i * 16}>{word}</T>
        </g>
      ))}
      <T x={8} y={52}>{say('yourName')}</T>
      <rect x={8} y={56} width={140} height={13} rx={2} class="box" />
      <Button x={8} y={74} w={140} h={16} main>{say('confirm')}</Button>
    </>
  ),
  help: () => (
    <>
      <Button x={8} y={10} w={70} h={24}>{topicWord('no_picture')}</Button>
      <Button x={82} y={10} w={70} h={24}>{topicWord('no_sound')}</Button>
      <Button x={8} y={40} w={70} h={24}>{topicWord('no_connection')}</Button>
      <Button x={82} y={40} w={70} h={24}>{topicWord('other')}</Button>
      <Tick x={10} y={80} />
      <T x={24} y={83}>{say('helpSeen')}</T>
    </>
  ),
  count: () => (
    <>
      <T x={8} y={16} bold>{presenceWord('present')}</T>
      <Button x={8} y={22} w={26} h={22} size={12}>−</Button>
      <rect x={38} y={22} width={50} height={22} rx={3} class="box" />
      <T x={63} y={38} middle bold size={13}>57</T>
      <Button x={92} y={22} w={26} h={22} size={12}>+</Button>
      <Button x={122} y={22} w={30} h={22} size={9}>+10</Button>
      <Button x={8} y={68} w={144} h={20} main>{say('sendCount')}</Button>
    </>
  ),
  names: () => (
    <>
      <rect x={8} y={8} width={144} height={14} rx={3} class="box" />
      <T x={13} y={18}>nguyen van an</T>
      <T x={8} y={36} bold>Nguyễn Văn An</T>
      <Button x={8} y={42} w={44} h={18} main>{presenceWord('present')}</Button>
      <Button x={56} y={42} w={48} h={18}>{presenceWord('online')}</Button>
      <Button x={108} y={42} w={44} h={18}>{presenceWord('absent')}</Button>
      <path class="line" d="M8 68h144" />
      <T x={8} y={82} bold>Nguyễn Thị Vân An</T>
    </>
  ),
  scan: () => (
    <>
      <rect x={46} y={8} width={68} height={60} rx={4} class="faint" />
      <path class="line" d="M56 26v-8h8M96 18h8v8M104 50v8h-8M64 58h-8v-8" />
      <path d="M68 26h10v10H68zM82 26h10v10H82zM68 40h10v10H68zM83 41h4v4h-4zM88 46h4v4h-4z" />
      <Tick x={36} y={82} />
      <T x={50} y={85} bold>{`Nguyễn Văn An: ${presenceWord('present')}`}</T>
    </>
  ),
  unsent: () => (
    <>
      <rect x={8} y={12} width={144} height={62} rx={3} class="box" />
      <path class="line" d="M20 22v9M20 35v1" />
      <T x={30} y={30} bold>{lineOf(say('unsentHere', { n: 3 }), 0)}</T>
      <T x={30} y={41}>{lineOf(say('unsentHere', { n: 3 }), 1)}</T>
      <T x={30} y={55}>{lineOf(say('nothingLost'), 0)}</T>
      <T x={30} y={65}>{lineOf(say('nothingLost'), 1)}</T>
    </>
  ),
  pin: () => (
    <>
      <rect x={8} y={14} width={54} height={54} class="faint" />
      <path d="M14 20h14v14H14zM42 20h14v14H42zM14 48h14v14H14zM36 40h6v6h-6zM46 50h6v6h-6zM34 54h5v5h-5z" />
      <T x={76} y={26}>{say('pin')}</T>
      <T x={76} y={46} bold size={17}>123 456</T>
      <Button x={76} y={54} w={76}>{say('enter')}</Button>
    </>
  ),
};

// A drawing has no line breaks: pieces of about 32 letters.
function lineOf(text: string, line: number): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1] ?? '';
    if (last.length + word.length > 32) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines[line] ?? '';
}

export function GuidePage({ who }: { who: Who }): JSX.Element {
  const guide = guideOf(who);
  return (
    <article class="card wide guide">
      <p class="buttons no-print">
        <button type="button" class="main" onClick={() => window.print()}>{say('print')}</button>
        <a class="button" href="#/more">{say('back')}</a>
      </p>
      <h2>{guide.title}</h2>
      <p>{guide.lead}</p>
      <ol class="guide-steps">
        {guide.steps.map((step, i) => (
          <li key={step.title}>
            <svg viewBox="0 0 160 96" role="img" aria-label={step.title}>{pictures[step.picture]()}</svg>
            <h3>{i + 1}. {step.title}</h3>
            <p>{step.text}</p>
          </li>
        ))}
      </ol>
      <ul class="remember">{guide.remember.map((line) => <li key={line}>{line}</li>)}</ul>
    </article>
  );
}
