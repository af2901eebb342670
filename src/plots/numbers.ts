// Numbers as people read them in figures and tables: shares as percent, parameters as 22.7M, files in MB.

/** 0.8662 -> '86.6%'. */
export function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)}%`;
}

/** 22713216 -> '22.7M', 950 -> '950'. Three significant digits; K, M, B for thousand, million, (US) billion. */
export function compact(count: number): string {
  const size = Math.abs(count);
  for (const [unit, letter] of [
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'K'],
  ] as const) {
    // 999,950 is 1M, not 1000K.
    if (size >= unit * 0.9995) return `${trimZeros((count / unit).toPrecision(3))}${letter}`;
  }
  return trimZeros(count.toPrecision(3));
}

/** 90868376 -> '90.9 MB' (10^6 bytes, as file managers and the hub count). */
export function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return `${value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3)} MB`;
}

/** 4.21 -> '4.2 s', 95 -> '1 min 35 s', 7300 -> '2 h 1 min'. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Any number for a table cell: whole numbers with thousands separators, others to four significant digits. */
export function plainNumber(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size < 1e-4) return value.toExponential(2);
  if (size >= 1000) return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
  return value.toPrecision(4);
}

/**
 * How a column of numbers is written so that its decimals stand below each other: as many as the largest number needs for
 * four significant digits, none that all rows have as 0.
 */
export function columnFormat(values: readonly unknown[]): (value: number) => string {
  const numbers = values.filter((value): value is number => Number.isFinite(value));
  const sizes = numbers.map(Math.abs).filter((size) => size > 0);
  const whole = Math.floor(Math.log10(Math.max(...sizes, 1))) + 1;
  const most = Math.max(0, 4 - (Math.max(...sizes, 0) < 1 ? 0 : whole));
  // Numbers that would lose all their digits so, such as learning rates, are each written on their own.
  if (sizes.some((size) => size < 0.5 * 10 ** -most)) return plainNumber;
  const needed = Math.max(
    0,
    ...numbers.map(
      (value) =>
        value
          .toFixed(most)
          .replace(/\.?0+$/, '')
          .split('.')[1]?.length ?? 0,
    ),
  );
  const digits = { minimumFractionDigits: needed, maximumFractionDigits: needed };
  return (value) => (Number.isFinite(value) ? value.toLocaleString('en-US', digits) : String(value));
}

/** Throws where a value that is to be drawn is not a finite number, saying which it is. */
export function requireFinite(value: unknown, name: string, advice = ''): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const said = typeof value === 'string' ? JSON.stringify(value) : String(value);
  throw new Error(`${name} must be a finite number, got ${said}.${advice === '' ? '' : ` ${advice}`}`);
}

/** Throws where a share is not within 0 to 1; the usual slip is a percentage. */
export function requireShare(value: unknown, name: string): number {
  const share = requireFinite(value, name);
  if (share >= 0 && share <= 1) return share;
  throw new Error(`${name} must be between 0 and 1, got ${share}. Divide a percentage by 100.`);
}

/** Throws where there is nothing to draw. */
export function requireRows<Row>(rows: readonly Row[], name: string, advice: string): readonly [Row, ...Row[]] {
  if (!Array.isArray(rows))
    throw new Error(`${name} takes an array, got ${rows === null ? 'null' : typeof rows}. ${advice}`);
  if (rows.length === 0) throw new Error(`${name}: nothing to draw, the array is empty. ${advice}`);
  return rows as unknown as readonly [Row, ...Row[]];
}

function trimZeros(digits: string): string {
  return digits.includes('e')
    ? String(Number(digits))
    : digits.replace(/\.?0+$/, (end) => (digits.includes('.') ? '' : end));
}
