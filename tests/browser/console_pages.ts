// Every page of the console, as addresses: what is looked at by axe and taken as pictures.
export interface Place {
  name: string;
  hash: string;
  /** What is there once the page has what it shows. */
  shows: string;
}

export const placesOf = (session: string, site: string): Place[] => [
  { name: 'sessions', hash: '#/sessions', shows: '.table tbody tr' },
  { name: 'calendar', hash: '#/calendar', shows: `a[href*="${session}"]` },
  { name: 'new', hash: '#/new', shows: '.picker .tree li' },
  { name: 'edit', hash: `#/edit/${session}`, shows: '.picker .tree li' },
  { name: 'session', hash: `#/session/${session}`, shows: `[data-site="${site}"]` },
  { name: 'site', hash: `#/session/${session}/wall?site=${site}`, shows: '.drawer' },
  { name: 'attendance', hash: `#/session/${session}/attendance`, shows: '.table tbody tr' },
  { name: 'timeline', hash: `#/session/${session}/timeline`, shows: '.timeline li' },
  { name: 'pictures', hash: `#/session/${session}/pictures`, shows: '.page.session .tabs [aria-current="page"]' },
  { name: 'replay', hash: `#/session/${session}/replay`, shows: '.replay [data-site]' },
  { name: 'report', hash: `#/session/${session}/report`, shows: 'section.card' },
  { name: 'kiosk', hash: `#/kiosk/${session}`, shows: `[data-site="${site}"]` },
  { name: 'alarms', hash: '#/alarms', shows: '.page:not(:has(.banner)) h1' },
  { name: 'roster', hash: '#/roster', shows: '.table tbody tr' },
  { name: 'people', hash: '#/people', shows: '.table tbody tr' },
  { name: 'audit', hash: '#/audit', shows: '.table tbody tr' },
  { name: 'account', hash: '#/account', shows: 'h1' },
];
