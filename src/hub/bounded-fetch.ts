/**
 * `fetch` for the hub: it cannot hang, asks again where that may help, and its failures read as sentences. It puts the
 * token on requests to the hub's own address and on no others; on a redirect to another host, `fetch` itself drops it.
 *
 *     const fetch = boundedFetch(10_000, { token: await accessToken(), signal });
 *     const response = await fetch(`${hubUrl()}/api/models/org/name`);
 *
 * Answers other than success are thrown, so that one place explains them all.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type AccessToken, hubUrl, withoutTokens } from './hub-access.js';
import { waitAsked } from './retry-after.js';

/** A pause before a request is made again. */
export interface Wait {
  readonly seconds: number;
  /** Why, such as `it takes no more requests for now (429)`. */
  readonly reason: string;
}

export interface FetchOptions {
  readonly token?: AccessToken | undefined;
  /** Ends requests, their bodies and pauses; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  readonly onWait?: ((wait: Wait) => void) | undefined;
  /** First pause where the hub names none, default 0.3 s; it doubles each time. */
  readonly retryPauseMs?: number | undefined;
}

/** An answer of the hub that is not success. */
export class HubStatusError extends Error {
  override readonly name = 'HubStatusError';
  readonly status: number;
  /** Seconds the hub asks to wait, where it does. */
  readonly waitSeconds: number | undefined;

  constructor(status: number, message: string, waitSeconds?: number) {
    super(message);
    this.status = status;
    this.waitSeconds = waitSeconds;
  }

  /** Whether asking again soon may help. */
  get isPassing(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/** The hub took longer than we wait. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly seconds: number;

  constructor(seconds: number) {
    super(`it gave no answer within ${seconds} seconds`);
    this.seconds = seconds;
  }
}

const ATTEMPTS = 3;

/** The longest pause we take because the hub asks for one; beyond it, somebody has to decide. */
const LONGEST_WAIT_SECONDS = 60;

/**
 * @param timeoutMs longest wait for the head of an answer; for API calls, for all of it. The bodies of files have no limit
 *   here: who reads them watches that bytes keep coming.
 */
export function boundedFetch(timeoutMs: number, options: FetchOptions = {}): typeof fetch {
  return async (input, init) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await fetchOnce(input, init, timeoutMs, options);
      } catch (error) {
        options.signal?.throwIfAborted();
        init?.signal?.throwIfAborted();
        const pauseMs = pauseAfter(error, attempt, options.retryPauseMs ?? 300);
        if (pauseMs === undefined) throw error;
        options.onWait?.({ seconds: pauseMs / 1000, reason: (error as Error).message });
        await sleep(pauseMs, undefined, { signal: options.signal }).catch(() => options.signal?.throwIfAborted());
      }
    }
  };
}

async function fetchOnce(
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
  timeoutMs: number,
  { token, signal }: FetchOptions,
): Promise<Response> {
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), timeoutMs);
  try {
    const url = new URL(input instanceof Request ? input.url : input);
    const hub = hubUrl();
    const headers = new Headers(init?.headers);
    headers.delete('authorization');
    if (token !== undefined && url.origin === new URL(hub).origin)
      headers.set('authorization', `Bearer ${token.token}`);
    const signals = [clock.signal, signal, init?.signal].filter((one) => one instanceof AbortSignal);
    const response = await fetch(url, { ...init, headers, signal: AbortSignal.any(signals) });
    if (!response.ok) {
      await response.body?.cancel();
      const seconds = waitAsked(response.headers);
      throw new HubStatusError(response.status, explain(response, url.pathname, token, seconds), seconds);
    }
    // The address asked for, not the one a redirect led to: small files come from one with /api/ in it, too.
    if (!url.href.startsWith(`${hub}/api/`)) return response;
    return new Response(await response.arrayBuffer(), { status: response.status, headers: response.headers });
  } catch (error) {
    if (error instanceof HubStatusError) throw error;
    if (clock.signal.aborted) throw new NoAnswerError(timeoutMs / 1000);
    throw new Error(`it cannot be reached (${reasonOf(error)})`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds until the next attempt; undefined where there is none. */
function pauseAfter(error: unknown, attempt: number, firstPauseMs: number): number | undefined {
  if (attempt >= ATTEMPTS) return undefined;
  if (error instanceof HubStatusError) {
    if (!error.isPassing || (error.waitSeconds ?? 0) > LONGEST_WAIT_SECONDS) return undefined;
    if (error.waitSeconds !== undefined) return error.waitSeconds * 1000;
  } else if (!/other side closed|ECONNRESET|EPIPE|terminated/.test((error as Error).message)) {
    return undefined;
  }
  return firstPauseMs * 2 ** (attempt - 1);
}

/** What went wrong with a connection; undici hides it in `cause`, and that of several addresses in `errors`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return withoutTokens(String(error));
  if (error.message.startsWith('it ')) return withoutTokens(error.message);
  const { cause, errors } = error as { cause?: unknown; errors?: unknown[] };
  if (cause !== undefined) return reasonOf(cause);
  if (errors?.[0] !== undefined) return reasonOf(errors[0]);
  return withoutTokens(error.message || (error as NodeJS.ErrnoException).code || error.name);
}

function explain(
  { status, headers }: Response,
  url: string,
  token: AccessToken | undefined,
  seconds: number | undefined,
): string {
  const code = headers.get('x-error-code');
  const what = /\/datasets\//.test(url) ? 'data set' : 'model';
  if (code === 'RevisionNotFound') return `it has no such revision of this ${what} (404)`;
  const file = /\/resolve\/[^/]+\/(.+)$/.exec(url)?.[1];
  if (status === 404) return `it has no such ${what} or file (404)${file ? `: ${decodeURIComponent(file)}` : ''}`;
  const remedy = token ? `the token in ${token.from} does not open it` : 'set HF_TOKEN to a token of yours';
  if (code === 'GatedRepo') {
    return `it refuses access (${status}): the terms of this ${what} must be accepted on its page; ${remedy}`;
  }
  if (status === 401 || status === 403) {
    return `it refuses access (${status}): the ${what} does not exist, is private, or its terms must be accepted on its page; ${remedy}`;
  }
  const wait = seconds === undefined ? 'wait some minutes' : `it asks to wait ${inWords(seconds)}`;
  if (status === 429) return `it takes no more requests for now (429); ${wait}`;
  return `it answered with status ${status}`;
}

function inWords(seconds: number): string {
  return seconds < 120 ? `${Math.ceil(seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
