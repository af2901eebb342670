// Dates as numbers: models read no dates.
//
//   dateParts({ parts: ['year', 'month', 'weekday'] })   // joined -> 'joined year', 'joined month', 'joined weekday'

import { z } from 'zod';
import { checkOptions } from '../options.js';
import type { DateColumn } from '../table/column.js';
import {
  type ColumnStep,
  type ColumnsOption,
  columnsOption,
  columnsReader,
  columnTransformer,
} from './column-transformer.js';
import type { Transformer } from './transformer.js';

const partOf = {
  year: (date: Date) => date.getUTCFullYear(),
  month: (date: Date) => date.getUTCMonth() + 1,
  day: (date: Date) => date.getUTCDate(),
  weekday: (date: Date) => ((date.getUTCDay() + 6) % 7) + 1,
  hour: (date: Date) => date.getUTCHours(),
  yearSin: (date: Date) => Math.sin(2 * Math.PI * shareOfYear(date)),
  yearCos: (date: Date) => Math.cos(2 * Math.PI * shareOfYear(date)),
} as const;

export type DatePart = keyof typeof partOf;
const parts = Object.keys(partOf) as [DatePart, ...DatePart[]];

export interface DatePartsOptions extends ColumnsOption {
  /**
   * Which, all in UTC: year, month (1 to 12), day (1 to 31), weekday (1 Monday to 7 Sunday), hour (0 to 23), and the year as
   * a circle, on which 31 December lies next to 1 January: yearSin and yearCos (-1 to 1).
   * Default: year, month, day, weekday.
   */
  readonly parts?: readonly DatePart[];
}

const schema = z.strictObject({
  parts: z.array(z.enum(parts)).min(1).default(['year', 'month', 'day', 'weekday']),
  columns: columnsOption,
});

const state = z.object({ parts: z.array(z.enum(parts)) });

const step: ColumnStep<DateColumn, z.output<typeof state>> = {
  kind: 'date-parts',
  takes: ['date'],
  state,
  apply: (column, { parts: wanted }) =>
    wanted.map((part) => ({
      kind: 'numeric',
      name: `${column.name} ${part}`,
      values: column.values.map((time) => (Number.isNaN(time) ? Number.NaN : partOf[part](new Date(time)))),
    })),
};

/** Takes the place of each date column by one numeric column a part, in the order given. Missing dates give missing numbers. */
export function dateParts(options: DatePartsOptions = {}): Transformer {
  const settings = checkOptions('date-parts', schema, options);
  return columnTransformer(step, settings, () => ({ parts: settings.parts }));
}

export const readDateParts = columnsReader(step);

/** How much of its year is over: 0 at its first moment, 1 at the next one's. */
function shareOfYear(date: Date): number {
  const [start, end] = [0, 1].map((more) => Date.UTC(date.getUTCFullYear() + more, 0)) as [number, number];
  return (date.getTime() - start) / (end - start);
}
