// What a progress bar says: how far it is, how fast it goes, how long it will take.

export interface ProgressState {
  readonly label: string;
  readonly done: number;
  /** Undefined where nobody knows how many there are. */
  readonly total: number | undefined;
  /** Since the beginning. */
  readonly seconds: number;
  /** How many a second, lately; undefined while nobody can say. */
  readonly rate: number | undefined;
  readonly ended: boolean;
}

/** `420/1,000, 85/s, 0:07 left`. */
export function figures({ done, total, seconds, rate, ended }: ProgressState): string {
  const parts = [total === undefined ? count(done) : `${count(done)}/${count(total)}`];
  if (ended) parts.push(`${clock(seconds)} in all`);
  if (rate !== undefined) parts.push(speed(rate));
  if (!ended && rate && total !== undefined && total > done) parts.push(`${clock((total - done) / rate)} left`);
  return parts.join(', ');
}

const cells = 24;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** One line: `reading  42% |██████████              | 420/1,000, 85/s, 0:07 left`. */
export function line(state: ProgressState): string {
  const label = state.label && `${state.label} `;
  if (state.total === undefined) return `${label}${figures(state)}`;
  const share = state.total > 0 ? Math.min(1, state.done / state.total) : 1;
  const filled = Math.floor(share * cells * 8);
  const bar = '█'.repeat(Math.floor(filled / 8)) + eighths[filled % 8];
  return `${label}${String(Math.floor(share * 100)).padStart(3)}% |${bar.padEnd(cells)}| ${figures(state)}`;
}

function count(number: number): string {
  return number.toLocaleString('en', { maximumFractionDigits: 2 });
}

/** Few a second are told the other way round, as seconds for each. */
function speed(rate: number): string {
  if (rate > 0 && rate < 1) return `${(1 / rate).toPrecision(3)} s each`;
  return rate >= 100 ? `${count(Math.round(rate))}/s` : `${rate.toPrecision(3)}/s`;
}

/** `0:07`, `12:30`, `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
