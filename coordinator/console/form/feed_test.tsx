// Tests a feed at the centre: some seconds of a probe, and what it saw. The passphrase goes to the coordinator alone.
import { useEffect, useState } from 'preact/hooks';
import { Condition_Name, FeedTestReportSchema, FeedTestReport_Verdict, type FeedTestReport } from '@messages/health_pb';
import { ProfileSchema } from '@messages/feed_pb';
import type { Profile } from '@messages/feed_pb';
import { Button } from '@web/components/button';
import { Dialog } from '@web/components/dialog';
import { defineTexts, said } from '@web/language';
import { bitRate, number } from '@web/numbers';
import { jsonOf, saying, send } from '../live/api';
import { conditionWord, feedWord, w } from '../words';
import type { FeedDraft } from './draft';

const t = defineTexts({
  title: ['Thử luồng {name}', 'Test of the {name} feed'],
  running: ['Đang thu thử luồng trong {n} giây…', 'Receiving the feed for {n} seconds…'],
  rate: ['Tốc độ', 'Bit rate'],
  picture: ['Hình', 'Picture'],
  sound: ['Tiếng', 'Sound'],
  good: ['Số giây tốt', 'Good seconds'],
  lost: ['Mất gói', 'Lost packets'],
  shot: ['Hình nhận được từ luồng {name}', 'Picture received of the {name} feed'],
});

const seconds = 8;

function Result({ report, name }: { report: FeedTestReport; name: string }) {
  const [url, setUrl] = useState('');
  const jpeg = report.picture?.jpeg;
  useEffect(() => {
    if (jpeg === undefined || jpeg.length === 0) return undefined;
    const made = URL.createObjectURL(new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [jpeg]);
  const { last } = report;
  const bad = report.conditions.filter((one) => one !== Condition_Name.none);
  const isGood = report.verdict === FeedTestReport_Verdict.good;
  return (
    <>
      <p class={isGood ? 'told good' : 'told'} role="status">{isGood ? '✓' : '✕'} {said(report.text)}{bad.length > 0 && ` (${bad.map(conditionWord).join(', ')})`}</p>
      {url !== '' && <img class="test-picture" src={url} alt={t('shot', { name })} />}
      <dl class="facts">
        <dt>{t('good')}</dt><dd>{number(report.goodSeconds)}/{number(report.seconds)}</dd>
        <dt>{t('rate')}</dt><dd>{bitRate(report.meanKbps)}</dd>
        {last?.video && <><dt>{t('picture')}</dt><dd>{last.video.codec} {last.video.width}×{last.video.height}, {number(last.video.fps, 0)} fps</dd></>}
        {last?.audio && <><dt>{t('sound')}</dt><dd>{last.audio.codec}, {number(last.audio.lufs, 0)} LUFS</dd></>}
        <dt>{t('lost')}</dt><dd>{number(report.lostPackets)}</dd>
      </dl>
    </>
  );
}

export function FeedTestDialog(props: { feed: FeedDraft; profile: Profile | undefined; session: string; onClose: () => void }) {
  const { feed } = props;
  const [report, setReport] = useState<FeedTestReport>();
  const [failure, setFailure] = useState('');
  useEffect(() => {
    let isOver = false;
    const wish = {
      feed: { id: feed.id, uri: feed.uri.trim(), passphrase: feed.passphrase }, seconds, session_id: props.session,
      ...(props.profile === undefined ? {} : { profile: jsonOf(ProfileSchema, props.profile) }),
    };
    send(FeedTestReportSchema, 'POST', '/api/v1/feeds/test', wish).then(
      (found) => { if (!isOver) setReport(found); },
      (error: unknown) => { if (!isOver) setFailure(saying(error)); });
    return () => {
      isOver = true;
    };
  }, []);
  return (
    <Dialog title={t('title', { name: feedWord(feed.id) })} onClose={props.onClose}>
      {report === undefined && failure === '' && <p role="status">{t('running', { n: seconds })}</p>}
      {failure !== '' && <p class="told" role="alert">{failure}</p>}
      {report !== undefined && <Result report={report} name={feedWord(feed.id)} />}
      <div class="dialog-foot"><Button kind="main" onClick={props.onClose}>{w('ok')}</Button></div>
    </Dialog>
  );
}
