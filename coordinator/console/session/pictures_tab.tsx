// The picture wall: the newest picture of every site, with its age; an old one looks old. Sites in trouble come first.
import './pictures.css';
import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { ThumbnailListSchema } from '@messages/history_pb';
import { Phase_Name } from '@messages/session_pb';
import { defineTexts } from '@web/language';
import { finds, fold } from '@web/fold';
import { ageText } from '@web/times';
import { get, saying } from '../live/api';
import { second } from '../live/clock';
import type { Live } from '../live/live';
import { isTrouble, kindWord, verdictOf } from '../wall/verdict';
import { w } from '../words';
import { Pictures, type Picture } from './picture_store';
import { s } from './texts';

const t = defineTexts({
  none: ['Chưa có hình nào. Các điểm cầu gửi hình khi nhận được luồng phát, khoảng 10 giây một lần.', 'No pictures yet. Sites send one about every 10 s while they receive a feed.'],
  picture: ['Hình ở {name}, cách đây {t}', 'Picture of {name}, {t} ago'],
  old: ['cũ {t}', '{t} old'],
});

const askEveryMs = 5000;
// They come every 10 s: three that did not come are a silence.
const oldAfterMs = 35_000;

function Tile(props: { live: Live; id: string; phase: Phase_Name; picture: Picture; onOpen: (id: string) => void }) {
  const site = props.live.sites.get(props.id)?.value;
  const name = site?.name || props.id;
  const found = site === undefined ? undefined : verdictOf(site, props.phase);
  const ageMs = second.value - props.picture.arrivedMs;
  const age = ageText(ageMs);
  const isOld = ageMs > oldAfterMs;
  return (
    <button type="button" class={`picture${isOld ? ' old' : ''} k-${found?.kind ?? 'never'}`} onClick={() => props.onOpen(props.id)}>
      <img src={props.picture.url} alt={t('picture', { name, t: age })} />
      <span class="picture-name">{found !== undefined && isTrouble(found.kind) && <b>{found.note || kindWord(found.kind)} · </b>}{name}</span>
      <span class={isOld ? 'picture-age bad-text' : 'picture-age soft'}>{isOld ? t('old', { t: age }) : age}</span>
    </button>
  );
}

export function PicturesTab(props: { live: Live; phase: ReadonlySignal<Phase_Name>; onOpen: (id: string) => void }) {
  const { live, phase } = props;
  const pictures = useMemo(() => new Pictures(), []);
  const turn = useSignal(0), failure = useSignal(''), query = useSignal('');
  useEffect(() => {
    let isOver = false;
    let timer = 0;
    const ask = async () => {
      try {
        const list = await get(ThumbnailListSchema, `/api/v1/thumbnails?after=${pictures.newestUs}`);
        if (isOver) return;
        pictures.take(list.thumbnails, list.newestUs);
        failure.value = '';
        ++turn.value;
      } catch (error) {
        failure.value = saying(error);
      }
      if (!isOver) timer = window.setTimeout(() => void ask(), askEveryMs);
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
      pictures.clear();
    };
  }, [pictures]);
  const ids = useComputed(() => {
    void turn.value;
    const trouble = (id: string) => {
      const site = live.sites.get(id)?.peek();
      return site !== undefined && isTrouble(verdictOf(site, phase.value).kind) ? 0 : 1;
    };
    return live.siteIds.value.filter((id) => pictures.bySite.has(id) && finds(fold(`${live.sites.get(id)?.peek().name ?? ''} ${id}`), query.value))
      .sort((a, b) => trouble(a) - trouble(b) || (a < b ? -1 : 1));
  });
  return (
    <section class="stack">
      <input type="search" class="find" aria-label={s('filterName')} placeholder={`${s('filterName')}…`} value={query.value} onInput={(event) => (query.value = event.currentTarget.value)} />
      {failure.value !== '' && <p class="wrong" role="alert">{failure.value}</p>}
      {turn.value === 0 && failure.value === '' && <p class="soft">{w('loading')}</p>}
      {turn.value > 0 && pictures.bySite.size === 0 && <p class="soft">{t('none')}</p>}
      <div class="pictures">
        {ids.value.map((id) => {
          const picture = pictures.bySite.get(id);
          return picture && <Tile key={id} live={live} id={id} phase={phase.value} picture={picture} onOpen={props.onOpen} />;
        })}
      </div>
    </section>
  );
}
