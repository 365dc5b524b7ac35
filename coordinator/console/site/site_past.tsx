// The site's newest picture with its time, and charts of its last hour.
import './site_past.css';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { SiteHistorySchema } from '@messages/history_pb';
import { defineTexts } from '@web/language';
import { ageText, millis, secondText } from '@web/times';
import { get, getPicture, part } from '../live/api';
import { second } from '../live/clock';
import { useLoaded } from '../parts/loaded';
import { Chart } from './chart';
import { columnsOf } from './columns';

const t = defineTexts({
  hour: ['Một giờ qua', 'The last hour'],
  nothing: ['Chưa có số đo nào.', 'Nothing was measured yet.'],
  bitrate: ['Tốc độ', 'Bit rate'],
  lost: ['Mất gói', 'Lost packets'],
  rtt: ['Độ trễ', 'Round trip'],
  lufs: ['Độ to', 'Loudness'],
  packets: ['gói', 'packets'],
  picture: ['Hình mới nhất', 'Newest picture'],
  at: ['lúc {t}, cách đây {age}', 'at {t}, {age} ago'],
});

const everyMs = 10_000;
const oldAfterMs = 35_000;

/** Asked for when the live view tells of a newer one: `newestUs`. */
function usePicture(id: string, newestUs: bigint): { url: string; arrivedUs: bigint } | null {
  const [picture, setPicture] = useState<{ url: string; arrivedUs: bigint } | null>(null);
  useEffect(() => {
    let isOver = false;
    getPicture(`/api/v1/sites/${part(id)}/thumbnail.jpg`).then((found) => {
      if (!isOver && found !== null) setPicture({ url: URL.createObjectURL(found.jpeg), arrivedUs: found.arrivedUs });
    }, () => undefined); // the page's own banner says that the coordinator is gone; the picture's age goes on
    return () => {
      isOver = true;
    };
  }, [id, newestUs]);
  // The one before is given back when there is a newer, and the last when the drawer closes.
  useEffect(() => (picture === null ? undefined : () => URL.revokeObjectURL(picture.url)), [picture]);
  return picture;
}

export function SitePicture(props: { id: string; zone: string; newestUs: bigint }) {
  const picture = usePicture(props.id, props.newestUs);
  if (picture === null) return null;
  const ageMs = second.value - millis(picture.arrivedUs);
  const caption = t('at', { t: secondText(picture.arrivedUs, props.zone), age: ageText(ageMs) });
  return (
    <figure class={ageMs > oldAfterMs ? 'site-picture old' : 'site-picture'}>
      <img src={picture.url} alt={`${t('picture')} ${caption}`} />
      <figcaption class={ageMs > oldAfterMs ? 'bad-text' : 'soft'}>{t('picture')} {caption}</figcaption>
    </figure>
  );
}

export function SiteCharts(props: { id: string; zone: string }) {
  const { data } = useLoaded(() => get(SiteHistorySchema, `/api/v1/sites/${part(props.id)}/history`), [props.id], everyMs);
  const columns = useMemo(() => (data === undefined ? null : columnsOf(data)), [data]);
  if (columns === null) return null;
  const charts = [
    [t('bitrate'), columns.kbps, 'kbit/s'], [t('lost'), columns.lost, t('packets')], [t('rtt'), columns.rtt, 'ms'], [t('lufs'), columns.lufs, 'LUFS'],
  ] as const;
  return (
    <section class="stack"><h2>{t('hour')}</h2>
      {columns.times.length === 0 ? <p class="soft">{t('nothing')}</p>
        : charts.map(([title, values, unit]) => <Chart key={title} title={title} times={columns.times} values={values} unit={unit} zone={props.zone} />)}
    </section>
  );
}
