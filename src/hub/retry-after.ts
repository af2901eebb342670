/** How long a server asks to wait: `Retry-After` in seconds or as a date, else the hub's `RateLimit: "api";r=0;t=42`. */

/** @returns seconds of 0 or more; undefined where the headers say nothing, or nothing that can be understood */
export function waitAsked(headers: Headers, now: number = Date.now()): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const date = Date.parse(text);
  if (!Number.isNaN(date)) return Math.max(0, (date - now) / 1000);
  const limit = /(?:^|;)\s*t=(\d+)/.exec(headers.get('ratelimit') ?? '');
  return limit === null ? undefined : Number(limit[1]);
}
