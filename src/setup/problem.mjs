// A problem that a person can mend: one clear sentence and what to do. Shown without a stack trace.
//
//   throw new Problem('Port 8888 is taken.', 'Stop what uses it, or choose another: npm start -- --port 8889.');

export class Problem extends Error {
  /**
   * @param {string} sentence what is wrong, naming the thing and the value
   * @param {string} remedy what to do
   */
  constructor(sentence, remedy) {
    super(`${sentence} ${remedy}`);
    this.name = 'Problem';
  }
}

/**
 * Runs a command's body and ends the process with its exit code; a `Problem` is printed as its sentence alone.
 *
 * @param {() => Promise<number>} body
 */
export async function command(body) {
  try {
    process.exitCode = await body();
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof Problem) console.error(`\n${error.message}`);
    else console.error(error);
  }
}

/**
 * The sentence for a full disk or a missing network, where the words of a failed program tell of one.
 *
 * @param {string} words what the program printed
 * @param {string} what what was being done, for instance `npm ci`
 * @returns {Problem | undefined}
 */
export function knownProblem(words, what) {
  if (/ENOSPC|no space left|not enough space/i.test(words)) {
    return new Problem(`The disk is full: ${what} could not finish.`, 'Free some space and run this again.');
  }
  const network =
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|failure in name resolution|Network is unreachable|fetch failed/i;
  if (network.test(words)) {
    return new Problem(
      `There is no network, and ${what} needs one this first time.`,
      'Connect and run this again: what is already done is kept, and afterwards everything works offline.',
    );
  }
  return undefined;
}
