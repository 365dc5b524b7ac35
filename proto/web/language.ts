// Vietnamese first, English complete. A text is one row of a table with both languages, so that a missing one or a
// misspelt key fails the type check.
import { computed, signal } from '@preact/signals';
import type { Text } from '@messages/common_pb';
import { kept } from './kept';

export type Language = 'vi' | 'en';

const stored = kept('diemcau.lang');
export const language = signal<Language>(stored.read() === 'en' ? 'en' : 'vi');
export const isVietnamese = computed(() => language.value === 'vi');

export function setLanguage(next: Language): void {
  language.value = next;
  stored.write(next);
  if (typeof document !== 'undefined') document.documentElement.lang = next;
}

export type Values = Readonly<Record<string, string | number>>;
export type TextTable = Readonly<Record<string, readonly [vi: string, en: string]>>;

/** "{name}" takes a value, "{n:site|sites}" a word for one or for more. */
export function filled(text: string, values: Values | undefined): string {
  if (values === undefined) return text;
  return text.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, more?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return one === undefined || more === undefined ? String(value) : String(value) === '1' ? one : more;
  });
}

/** A function that says a text of the table in the present language, with its values. */
export function defineTexts<const T extends TextTable>(table: T): (key: keyof T & string, values?: Values) => string {
  return (key, values) => {
    const row = table[key];
    return row === undefined ? key : filled(language.value === 'vi' ? row[0] : row[1], values);
  };
}

/** A sentence that came in both languages. */
export function said(text: Pick<Text, 'vi' | 'en'> | undefined): string {
  if (text === undefined) return '';
  return language.value === 'vi' ? text.vi || text.en : text.en || text.vi;
}

/** Words for the values of an enumeration: every one must have its row. */
export function defineWords<K extends number>(
  table: Readonly<Record<K, readonly [vi: string, en: string]>>,
): (value: K) => string {
  return (value) => {
    const row = table[value];
    return row === undefined ? String(value) : row[language.value === 'vi' ? 0 : 1];
  };
}
