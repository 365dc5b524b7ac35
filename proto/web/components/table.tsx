// A table that can be sorted by its columns. Rows are keyed, so that an update touches what changed.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from './texts';

export interface Column<Row> {
  key: string;
  title: string;
  end?: boolean;
  cell: (row: Row) => ComponentChildren;
  /** What it is sorted by; without it the column cannot be sorted. */
  order?: (row: Row) => string | number;
}

export interface TableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  rowClass?: (row: Row) => string;
  /** Stays above the others however they are sorted: the whole above its parts. */
  isTop?: (row: Row) => boolean;
  sortedBy?: string;
  empty?: string;
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'vi', { numeric: true });
}

export function Table<Row>(props: TableProps<Row>) {
  const [sort, setSort] = useState<{ key: string; down: boolean }>({ key: props.sortedBy ?? '', down: false });
  const above = (row: Row) => (props.isTop?.(row) ? 0 : 1);
  const order = props.columns.find((column) => column.key === sort.key)?.order;
  const rows = order === undefined ? props.rows
    : [...props.rows].sort((a, b) => above(a) - above(b) || compare(order(a), order(b)) * (sort.down ? -1 : 1));
  if (rows.length === 0) return <p class="soft">{props.empty ?? t('empty')}</p>;
  const state = (key: string) => (key !== sort.key ? 'none' : sort.down ? 'descending' : 'ascending');
  return (
    <div class="table-wrap" tabIndex={0} role="region" aria-label={props.caption}>
      <table class="table">
        <caption class="hidden">{props.caption}</caption>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th key={column.key} scope="col" class={column.end ? 'end' : ''} aria-sort={column.order ? state(column.key) : undefined}>
                {column.order === undefined ? column.title : (
                  <button type="button" class="sort"
                    onClick={() => setSort({ key: column.key, down: sort.key === column.key && !sort.down })}>
                    {column.title}
                    <span aria-hidden="true">{sort.key !== column.key ? ' ↕' : sort.down ? ' ↓' : ' ↑'}</span>
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={props.rowKey(row)} class={props.rowClass?.(row)}>
              {props.columns.map((column) => (
                <td key={column.key} class={column.end ? 'end' : ''}>{column.cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
