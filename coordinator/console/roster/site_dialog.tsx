// One site of the roster: what is known of it, its key, and the token or the revocation that changes it.
import { useSignal } from '@preact/signals';
import { SiteIdentitySchema, SiteIdentity_State } from '@messages/enrolment_pb';
import type { SiteView } from '@messages/view_pb';
import { Button } from '@web/components/button';
import { Dialog } from '@web/components/dialog';
import { Field } from '@web/components/field';
import { HoldButton } from '@web/components/hold_button';
import { toast } from '@web/components/toast';
import { number } from '@web/numbers';
import { dateTimeText } from '@web/times';
import { part, saying, send } from '../live/api';
import { mayEnrol } from '../live/me';
import { areaPath, roster } from '../live/roster';
import { identityWord, w } from '../words';
import { heardText, LinkCell } from './roster';
import { r } from './texts';

export function SiteDialog(props: { site: SiteView; onClose: () => void; onTokens: () => void }) {
  const { site } = props;
  const reason = useSignal('');
  const wrong = useSignal('');
  const known = roster.value?.sites.find((one) => one.id === site.siteId);
  const revoke = async () => {
    try {
      await send(SiteIdentitySchema, 'POST', `/api/v1/sites/${part(site.siteId)}/revoke`, { reason: reason.value.trim() });
      toast(w('done'));
      props.onClose();
    } catch (error) {
      wrong.value = saying(error);
    }
  };
  const state = site.identity?.state ?? SiteIdentity_State.never;
  return (
    <Dialog title={site.name || site.siteId} onClose={props.onClose}>
      <dl class="facts">
        <dt>{r('site')}</dt><dd>{site.siteId}</dd>
        <dt>{r('area')}</dt><dd>{areaPath(site.areaId)}</dd>
        <dt>{r('contact')}</dt><dd>{site.technician?.name || '–'} {site.technician?.phone && <a href={`tel:${site.technician.phone}`}>{site.technician.phone}</a>}</dd>
        {known !== undefined && known.seats > 0 && <><dt>{r('seats')}</dt><dd>{number(known.seats)}</dd></>}
        {known !== undefined && known.tags.length > 0 && <><dt>{r('tags')}</dt><dd>{known.tags.join(', ')}</dd></>}
        <dt>{r('link')}</dt><dd><LinkCell site={site} /> <span class="soft">{heardText(site)}</span></dd>
        <dt>{r('version')}</dt><dd>{site.agentVersion || '–'}</dd>
        <dt>{r('key')}</dt>
        <dd>{identityWord(state)}{site.identity?.keyId && <span class="mono small"> {site.identity.keyId}</span>} {site.identity && <span class="soft">{dateTimeText(site.identity.sinceUs)}</span>} {site.identity?.reason}</dd>
      </dl>
      {mayEnrol.value && (
        <>
          <p class="soft small">{r('issueWhy')}</p>
          <div><Button kind="main" onClick={props.onTokens}>{r('issue')}</Button></div>
          {state === SiteIdentity_State.enrolled && (
            <>
              <Field label={w('reason')} hint={r('revokeWhy')} value={reason} wrong={wrong.value} />
              <div><HoldButton disabled={reason.value.trim() === ''} onHeld={() => void revoke()}>{r('revoke')}</HoldButton></div>
            </>
          )}
        </>
      )}
    </Dialog>
  );
}
