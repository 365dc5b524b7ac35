// Every page of the console, and what opens over them, as a table: what is looked at by axe and taken as pictures.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { operator } from './house';

export type Lang = 'vi' | 'en';
export type Stage = 'draft' | 'ready' | 'armed' | 'live' | 'ended';
type Words = readonly [vi: string, en: string];

export interface Place {
  name: string;
  hash: string;
  /** What is there once the page has what it shows. */
  shows: string;
  /** The stages of the session in which it is looked at; without: once, while it is live. */
  stages?: readonly Stage[];
  /** Buttons pressed there one after another; what they open is looked at in place of the page. */
  press?: readonly Words[];
  /** What is there then; without: a dialog. */
  opened?: string;
  /** What somebody does before or in what was opened. */
  fills?: (page: Page) => Promise<void>;
}

/** Those in which every tab of a session says something else. */
export const everyStage: readonly Stage[] = ['draft', 'ready', 'live', 'ended'];

export interface World {
  session: string;
  site: string;
  /** A roster file with a bad line. */
  badRoster: readonly string[];
}

export function placesOf({ session, site, badRoster }: World): Place[] {
  const at = (tab: string) => `#/session/${session}/${tab}`;
  const here = '.page.session .tabs [aria-current="page"]';
  // Of a draft there is nothing yet to be shown in it.
  const tab = (name: string, shows: string): Place[] => [
    { name, hash: at(name), shows: here, stages: ['draft'] }, { name, hash: at(name), shows, stages: ['ready', 'live', 'ended'] },
  ];
  return [
    { name: 'sessions', hash: '#/sessions', shows: '.table tbody tr' },
    { name: 'calendar', hash: '#/calendar', shows: `a[href*="${session}"]` },
    { name: 'new', hash: '#/new', shows: '.picker .tree li' },
    {
      name: 'new, feed test', hash: '#/new', shows: '.picker .tree li', fills: (page) => page.getByLabel(/^(Địa chỉ|Address)$/).first().fill('test://'),
      press: [['Thử: main', 'Test: main']], opened: '.test-picture',
    },
    { name: 'edit', hash: `#/edit/${session}`, shows: '.picker .tree li', stages: ['draft', 'ready'] },
    { name: 'session', hash: at('wall'), shows: '.wall', stages: everyStage },
    { name: 'session, cancel', hash: at('wall'), shows: '.wall', stages: ['draft'], press: [['Hủy phiên', 'Cancel session']] },
    { name: 'session, message', hash: at('wall'), shows: `[data-site="${site}"]`, stages: ['ready'], press: [['Nhắn điểm cầu', 'Message sites']] },
    { name: 'session, GO', hash: at('wall'), shows: `[data-site="${site}"]`, stages: ['armed'], press: [['PHÁT LỆNH', 'GO']] },
    { name: 'session, end', hash: at('wall'), shows: `[data-site="${site}"]`, press: [['Kết thúc', 'End']] },
    { name: 'session, take an alarm', hash: at('wall'), shows: '.overview-side .alarm', press: [['Nhận xử lý', 'I take it']] },
    { name: 'session, shelve an alarm', hash: at('wall'), shows: '.overview-side .alarm', press: [['Gác lại', 'Shelve']] },
    { name: 'site', hash: `${at('wall')}?site=${site}`, shows: '.drawer', stages: everyStage },
    ...tab('attendance', '.table tbody tr'),
    { name: 'attendance, correct', hash: at('attendance'), shows: '.table tbody tr', press: [['Nhập hoặc sửa', 'Enter or correct']] },
    ...tab('timeline', '.timeline li'),
    ...tab('pictures', here),
    ...tab('replay', '.replay .tile'),
    ...tab('report', 'section.card'),
    { name: 'kiosk', hash: `#/kiosk/${session}`, shows: `[data-site="${site}"]`, stages: ['ready', 'live'] },
    { name: 'alarms', hash: '#/alarms', shows: '.page:not(:has(.banner)) h1' },
    { name: 'roster', hash: '#/roster', shows: '.table tbody tr' },
    {
      name: 'roster, import', hash: '#/roster', shows: '.table tbody tr', press: [['Nhập danh sách', 'Import']], opened: '[role=alert]',
      fills: (page) => page.locator('input[type=file]').setInputFiles([...badRoster]),
    },
    { name: 'roster, a site', hash: '#/roster', shows: '.table tbody tr', press: [['Mở ', 'Open ']] },
    {
      name: 'roster, tokens', hash: '#/roster', shows: '.table tbody tr',
      press: [['Mở ', 'Open '], ['Cấp mã đăng ký', 'Issue an enrolment token']], opened: 'svg.qr',
    },
    { name: 'people', hash: '#/people', shows: '.table tbody tr' },
    { name: 'people, new account', hash: '#/people', shows: '.table tbody tr', press: [['Thêm tài khoản', 'New account']] },
    { name: 'people, new token', hash: '#/people', shows: '.table tbody tr', press: [['Thêm khóa', 'New token']] },
    { name: 'people, edit', hash: '#/people', shows: '.table tbody tr', press: [[`Sửa: ${operator}`, `Edit: ${operator}`]] },
    { name: 'audit', hash: '#/audit', shows: '.table tbody tr' },
    { name: 'account', hash: '#/account', shows: 'h1' },
    { name: 'account, second factor', hash: '#/account', shows: 'h1', press: [['Bật xác nhận hai bước', 'Turn it on']], opened: 'svg.qr' },
  ];
}

export const isOf = (place: Place, stage: Stage): boolean => (place.stages ?? ['live']).includes(stage);

/** Goes there and opens what is to be looked at; true: a dialog lies over the page. */
export async function openPlace(page: Page, base: string, place: Place, lang: Lang): Promise<boolean> {
  // Whatever the last place left open goes with its page.
  await page.goto(`${base}#/nowhere`);
  await page.locator('dialog[open]').first().waitFor({ state: 'detached' });
  await page.goto(`${base}${place.hash}`);
  await page.locator(place.shows).first().waitFor();
  if (place.press === undefined) return false;
  const isBefore = place.name === 'new, feed test';
  if (isBefore) await place.fills?.(page);
  // The first opens a dialog, in which the others are.
  for (const [at, words] of place.press.entries()) {
    const where = at === 0 ? page : page.getByRole('dialog');
    await where.getByRole('button', { name: words[lang === 'vi' ? 0 : 1] }).first().click();
  }
  if (!isBefore) await place.fills?.(page);
  await page.locator(place.opened ?? 'dialog[open]').first().waitFor();
  return (await page.getByRole('dialog').count()) > 0;
}

function sourceOf(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../coordinator/console/${path}`, import.meta.url)), 'utf8');
}

/** What the console's own router knows, read from its source: "alarms", "session/report". */
export function routesOfSource(): string[] {
  const app = sourceOf('app/app.tsx');
  const first = [...app.matchAll(/case '([\w-]+)':|first === '([\w-]+)'/g)].map((found) => found[1] ?? found[2] ?? '');
  const tabs = /const tabs = \[([^\]]*)\]/.exec(sourceOf('session/session_page.tsx'))?.[1] ?? '';
  return [...new Set([...first.filter((one) => one !== 'session'), ...[...tabs.matchAll(/'([\w-]+)'/g)].map((found) => `session/${found[1]}`)])];
}

/** The route of a place, as `routesOfSource` names it. */
export function routeOf(place: Place): string {
  const [first = '', , third] = place.hash.replace(/^#\//, '').replace(/\?.*/, '').split('/');
  return first === 'session' ? `session/${third}` : first;
}
