// Dates as people write them in tables, each in a stated order. A time without a zone is UTC.
//
//   readDate('2026-01-31', 'year-month-day');         // milliseconds since 1970
//   readDate('Jun 12 1998', 'month name day year');
//   readDate('31/02/2026', 'day/month/year');         // undefined: there is no such day

/** The forms that are read, those that can be mistaken for one another among them. */
export const dateFormats = [
  'year-month-day',
  'year/month/day',
  'day.month.year',
  'day/month/year',
  'month/day/year',
  'month name day year',
  'day month name year',
] as const;
export type DateFormat = (typeof dateFormats)[number];

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const time = String.raw`(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2})?)?`;
type Order = readonly [year: number, month: number, day: number];
const forms: Readonly<Record<DateFormat, readonly [RegExp, Order]>> = {
  'year-month-day': [new RegExp(`^(\\d{4})-(\\d{2})-(\\d{2})${time}$`), [1, 2, 3]],
  'year/month/day': [new RegExp(`^(\\d{4})/(\\d{1,2})/(\\d{1,2})${time}$`), [1, 2, 3]],
  'day.month.year': [new RegExp(`^(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4})${time}$`), [3, 2, 1]],
  'day/month/year': [new RegExp(`^(\\d{1,2})/(\\d{1,2})/(\\d{4})${time}$`), [3, 2, 1]],
  'month/day/year': [new RegExp(`^(\\d{1,2})/(\\d{1,2})/(\\d{4})${time}$`), [3, 1, 2]],
  'month name day year': [new RegExp(`^([A-Za-z]{3,9})\\.? (\\d{1,2}),? (\\d{4})${time}$`), [3, 1, 2]],
  'day month name year': [new RegExp(`^(\\d{1,2})\\.? ([A-Za-z]{3,9})\\.? (\\d{4})${time}$`), [3, 2, 1]],
};

/** Milliseconds since 1970-01-01 UTC, or undefined where the text is no such date. */
export function readDate(text: string, format: DateFormat): number | undefined {
  const [pattern, [y, m, d]] = forms[format];
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const [year, day] = [Number(found[y]), Number(found[d])];
  const name = found[m] as string;
  const month = /^\d/.test(name) ? Number(name) - 1 : months.indexOf(name.slice(0, 3).toLowerCase());
  const [hour, minute, second] = [found[4], found[5], found[6]].map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
  ];
  const fraction = found[7] === undefined ? 0 : Math.floor(Number(`0.${found[7]}`) * 1000);
  const real = new Date(0);
  real.setUTCFullYear(year, month, day); // Date.UTC would take the year 99 for 1999
  const at = real.setUTCHours(hour, minute, second, fraction);
  const exists =
    month >= 0 && real.getUTCMonth() === month && real.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return exists ? at - offset(found[8]) : undefined;
}

/** A zone such as +02:00 in milliseconds. */
function offset(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}
