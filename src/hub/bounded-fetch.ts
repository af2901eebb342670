/**
 * `fetch` that cannot hang and whose failures read as sentences: for use by @huggingface/hub, which takes a fetch of one's
 * own. Answers other than success are thrown, so that one place explains them all.
 */

/** An answer of the hub that is not success. */
export class HubStatusError extends Error {
  override readonly name = 'HubStatusError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  /** Whether asking again soon may help. */
  get isPassing(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/**
 * @param timeoutMs longest wait for the head of an answer; for API calls, for all of it. The bodies of files have no limit
 *   here: who reads them watches that bytes keep coming.
 */
export function boundedFetch(timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), timeoutMs);
    try {
      const response = await fetch(input, { ...init, signal: controller.signal });
      if (!response.ok) {
        await response.body?.cancel();
        throw new HubStatusError(response.status, explain(response));
      }
      const { pathname } = new URL(response.url);
      if (!pathname.includes('/api/')) return response;
      return new Response(await response.arrayBuffer(), { status: response.status, headers: response.headers });
    } catch (error) {
      if (error instanceof HubStatusError) throw error;
      if (controller.signal.aborted) throw new Error(`it gave no answer within ${timeoutMs / 1000} seconds`);
      throw new Error(`it cannot be reached (${reasonOf(error)})`);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** What went wrong with a connection; undici hides it in `cause`, and that of several addresses in `errors`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, errors } = error as { cause?: unknown; errors?: unknown[] };
  if (cause !== undefined) return reasonOf(cause);
  if (errors?.[0] !== undefined) return reasonOf(errors[0]);
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}

function explain({ status, headers }: Response): string {
  const code = headers.get('x-error-code');
  if (code === 'RevisionNotFound') return 'it has no such revision of this model (404)';
  if (status === 404) return 'it has no such model or file (404)';
  if (status === 401 || status === 403) {
    const token = process.env.HF_TOKEN ? 'the token in HF_TOKEN does not open it' : 'set HF_TOKEN to a token of yours';
    return `it refuses access (${status}): the model does not exist, is private, or its terms must be accepted on its page; ${token}`;
  }
  if (status === 429) return 'it takes no more requests for now (429); wait some minutes';
  return `it answered with status ${status}`;
}
