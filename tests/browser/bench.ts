// The console in a real browser with a whole city that changes once a second. Prints figures, asserts nothing.
import type { Page } from 'playwright-core';
import type { SessionAnswer } from './answers';
import { Faults, openBrowser, openPage } from './browse';
import { eventDelays } from './event_delays';
import { frames, framesOf, memory, quantile, watchTiles } from './gauges';
import { leftOpen } from './hour';
import { House } from './house';
import { Options } from './options';
import { until } from './processes';

const options = new Options(['sites', 'seconds', 'minutes', 'events'], 'usage: tests/bench/browser [--sites 766] [--seconds 20] [--events 60] | --minutes 60 [--events 0]');
const sites = options.number('sites', 766), seconds = options.number('seconds', 20), minutes = options.number('minutes', 0);
const house = new House({ sites, delegates: 2 });
const figure = (name: string, value: string) => console.log(`figure: ${name}: ${value}`);
const ms = (value: number) => `${value.toFixed(0)} ms`;

function spread(name: string, delays: number[]): void {
  delays.sort((a, b) => a - b);
  figure(name, `p50 ${ms(quantile(delays, 0.5))}, p99 ${ms(quantile(delays, 0.99))}, worst ${ms(delays.at(-1) ?? NaN)} (${delays.length})`);
}

async function firstView(page: Page): Promise<void> {
  await page.getByLabel('Tài khoản').fill('quan-tri');
  await page.getByLabel('Mật khẩu', { exact: true }).fill(house.adminPassword);
  const took = await page.evaluate(() => new Promise<number>((resolve) => {
    const from = performance.now();
    const look = () => {
      if (document.querySelector('.table tbody tr') !== null) resolve(performance.now() - from);
      else requestAnimationFrame(look);
    };
    document.querySelector<HTMLButtonElement>('button[type=submit]')?.click();
    look();
  }));
  figure('first view after sign-in (password hashed, sessions shown)', ms(took));
}

async function firstWall(page: Page, address: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(address, { waitUntil: 'commit' });
  const took = await page.evaluate((all) => new Promise<number>((resolve) => {
    const look = () => {
      if (document.querySelectorAll('.wall [data-site]').length >= all) resolve(performance.now());
      else requestAnimationFrame(look);
    };
    look();
  }), sites);
  figure(`the wall of ${sites} sites, page loaded anew`, ms(took));
}

async function bundle(page: Page): Promise<void> {
  const loaded = await page.evaluate(() => (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
    .filter((one) => /\.(js|css|woff2)/.test(one.name)).map((one) => ({ name: one.name, bytes: one.encodedBodySize })));
  const of = (ending: string) => loaded.filter((one) => one.name.includes(ending)).reduce((sum, one) => sum + one.bytes, 0) / 1000;
  figure('bundle as sent, compressed', `${of('.js').toFixed(1)} kB of scripts, ${of('.css').toFixed(1)} kB of styles; fonts ${of('.woff2').toFixed(1)} kB beside them`);
}

async function go(id: string): Promise<void> {
  house.cli(['session', 'go', id]);
  await until('the launch is over', async () => {
    const now = await house.get<SessionAnswer>(`/api/v1/sessions/${id}`);
    return now.session.phase === 'live' && now.pending === 0;
  }, 120_000);
}

async function launch(page: Page, id: string): Promise<void> {
  await watchTiles(page);
  await go(id);
  const list = await house.get<{ sites: { site_id: string; outcome?: { state: string }; status?: { started_us?: string } }[] }>(`/api/v1/sessions/${id}/sites`);
  const seen = await until('the tiles of those that have started', async () => {
    const tiles = await framesOf(page, 'k-started');
    return list.sites.every((one) => one.outcome?.state !== 'started' || tiles[one.site_id] !== undefined) && tiles;
  });
  spread('GO: from a site starting until its tile says so, all at one instant',
    list.sites.filter((one) => one.outcome?.state === 'started').map((one) => (seen[one.site_id] ?? NaN) - Number(one.status?.started_us) / 1000));
}

async function events(page: Page): Promise<void> {
  const delays = await eventDelays(page, house, options.number('events', 60));
  console.log('an event until it is on the screen: from the instant at which the hall itself does it (the fleet reads its clock, then cuts or tells, '
    + 'without waiting for its own tick or for the command) until the frame after the one that draws its tile; one at a time, at random phases of the live view');
  for (const [name, list] of delays) spread(name, list);
  spread('all these events', [...delays.values()].flat());
}

async function shortBench(page: Page, id: string): Promise<void> {
  await launch(page, id);
  const protocol = await page.context().newCDPSession(page);
  let updates = 0, bytes = 0;
  await protocol.send('Network.enable');
  protocol.on('Network.webSocketFrameReceived', ({ response }) => {
    ++updates;
    bytes += response.payloadData.length * 0.75;
  });
  const drawn = await frames(page, seconds);
  figure(`frames of the wall in ${seconds} s`, `${drawn.perSecond.toFixed(1)} a second, p99 ${ms(drawn.p99Ms)}, longest ${ms(drawn.longestMs)}`);
  figure('live view meanwhile', `${(updates / seconds).toFixed(1)} updates, ${(bytes / seconds / 1000).toFixed(1)} kB a second`);
  const used = await memory(browser, protocol);
  figure('memory', `heap ${used.heapMB.toFixed(1)} MB, process ${used.rendererMB.toFixed(0)} MB, ${used.nodes} nodes`);
  await events(page);
}

await house.openCentre();
const browser = await openBrowser();
try {
  house.importRoster();
  await house.openHalls();
  const id = house.newSession('Đo bảng điều hành');
  for (const act of ['rehearse', 'arm']) house.cli(['session', act, id]);
  const page = await openPage(browser, new Faults(), house.url);
  await firstView(page);
  await bundle(page);
  await firstWall(page, `${house.url}#/session/${id}`);
  if (minutes > 0) {
    await go(id);
    await leftOpen(browser, page, house, minutes, options.number('events', 1) !== 0);
  } else {
    await shortBench(page, id);
  }
} finally {
  await browser.close();
  await house.stop();
}
