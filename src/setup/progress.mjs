// How far a long step is: one line that is rewritten on a terminal, a line each quarter in a log.

/**
 * @param {string} what for instance `downloading tensorflow-cpu`
 * @param {NodeJS.WriteStream} [to]
 * @returns {(done: number, total: number) => void} to be called with bytes, as often as one likes
 */
export function progressOf(what, to = process.stdout) {
  let shown = to.isTTY ? -1 : 0;
  return (done, total) => {
    const share = total > 0 ? Math.min(1, done / total) : 1;
    const mark = Math.floor(share * (to.isTTY ? 100 : 4));
    if (mark <= shown) return;
    shown = mark;
    const words = `    ${what}: ${Math.round(done / 1e6)} of ${Math.round(total / 1e6)} MB`;
    if (!to.isTTY) to.write(`${words}\n`);
    else to.write(`\r\x1b[K${words}${share === 1 ? '\r\x1b[K' : ''}`);
  };
}
