// Roles, each everywhere or in an area with all below it: shown, and edited row by row.
import { useEffect } from 'preact/hooks';
import type { Grant } from '@messages/people_pb';
import { Role_Name } from '@messages/people_pb';
import { Button } from '@web/components/button';
import { defineTexts } from '@web/language';
import { areaName, areaTree, needRoster, roster, type AreaNode } from '../live/roster';
import { roleWord } from '../words';

const t = defineTexts({
  roles: ['Vai trò', 'Roles'],
  role: ['Vai trò {n}', 'Role {n}'],
  area: ['Địa bàn của vai trò {n}', 'Area of role {n}'],
  everywhere: ['mọi nơi', 'everywhere'],
  add: ['Thêm vai trò', 'Add a role'],
  remove: ['Bỏ vai trò {n}', 'Remove role {n}'],
});

export interface GrantWish {
  role: Role_Name;
  areaId: string;
}

const roles = [Role_Name.viewer, Role_Name.operator, Role_Name.admin, Role_Name.auditor];

export function grantsText(grants: readonly Grant[]): string {
  return grants.map((one) => `${roleWord(one.role)} (${one.areaId === '' ? t('everywhere') : areaName(one.areaId)})`).join(', ');
}

/** As the coordinator reads it. */
export const grantsJson = (grants: readonly GrantWish[]) =>
  grants.map((one) => ({ role: Role_Name[one.role], area_id: one.areaId }));

function options(nodes: readonly AreaNode[], depth: number): { id: string; name: string }[] {
  return nodes.flatMap((node) => [
    { id: node.area.id, name: `${'\u2003'.repeat(depth)}${node.area.name}` },
    ...options(node.children, depth + 1),
  ]);
}

export function GrantsField(props: { grants: readonly GrantWish[]; onChange: (grants: GrantWish[]) => void }) {
  useEffect(() => {
    // Without the names of areas the field still works: everywhere.
    needRoster().catch(() => undefined);
  }, []);
  const areas = roster.value === null ? [] : options(areaTree(roster.value), 0);
  const change = (at: number, part: Partial<GrantWish>) =>
    props.onChange(props.grants.map((one, place) => (place === at ? { ...one, ...part } : one)));
  return (
    <fieldset class="grants">
      <legend>{t('roles')}</legend>
      {props.grants.map((grant, at) => (
        <div class="grant" key={at}>
          <select aria-label={t('role', { n: at + 1 })} value={grant.role} onChange={(event) => change(at, { role: Number(event.currentTarget.value) })}>
            {roles.map((role) => <option key={role} value={role}>{roleWord(role)}</option>)}
          </select>
          <select aria-label={t('area', { n: at + 1 })} value={grant.areaId} onChange={(event) => change(at, { areaId: event.currentTarget.value })}>
            <option value="">{t('everywhere')}</option>
            {areas.map((area) => <option key={area.id} value={area.id}>{area.name}</option>)}
          </select>
          <Button kind="quiet" label={t('remove', { n: at + 1 })} onClick={() => props.onChange(props.grants.filter((_, place) => place !== at))}>✕</Button>
        </div>
      ))}
      <div><Button onClick={() => props.onChange([...props.grants, { role: Role_Name.viewer, areaId: '' }])}>{t('add')}</Button></div>
    </fieldset>
  );
}
