// What an operator can do to one site: write to it, fix the feed that it shows.
import { useSignal } from '@preact/signals';
import { Button } from '@web/components/button';
import type { Session } from '@messages/session_pb';
import type { SiteView } from '@messages/view_pb';
import type { Live } from '../live/live';
import { maySteer } from '../live/me';
import { tried } from '../live/use';
import { checkAgain, pin } from '../session/acts';
import { isAwaited } from '../session/figures';
import { MessageDialog } from '../session/message_dialog';
import { feedWord, w } from '../words';
import { d } from './texts';

export function SiteActs(props: { site: SiteView; session: Session; live: Live }) {
  const writing = useSignal(false);
  if (!maySteer.value) return null;
  const { siteId } = props.site;
  const { id, phase } = props.session;
  return (
    <section class="row wrap" aria-label={d('acts')}>
      <Button kind="main" onClick={() => (writing.value = true)}>{d('message')}</Button>
      {isAwaited(phase) && <Button onClick={() => void tried(() => checkAgain(id, [siteId]), d('asked'))}>{d('checkAgain')}</Button>}
      {props.session.feeds.length > 1 && props.session.feeds.map((feed) => (
        <Button key={feed.id} onClick={() => void tried(() => pin([siteId], feed.id), w('done'))}>
          {feed.id === 'main' ? d('useMain') : feed.id === 'backup' ? d('useBackup') : d('feed', { name: feedWord(feed.id) })}</Button>
      ))}
      {props.session.feeds.length > 1 && <Button onClick={() => void tried(() => pin([siteId], ''), w('done'))}>{d('useOwn')}</Button>}
      {writing.value && <MessageDialog session={props.session} live={props.live} site={siteId} onClose={() => (writing.value = false)} />}
    </section>
  );
}
