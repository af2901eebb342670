// How much more memory a process comes to hold than it held when asked: its peak, not what is left at the end.
import { readFileSync, writeFileSync } from 'node:fs';

/** Starts watching. The function returned says by how many bytes resident memory has been above what it is now, at most. */
export function watchMemory(): () => number {
  (globalThis as { gc?: () => void }).gc?.(); // with node --expose-gc: what was thrown away is no part of the start
  const start = process.memoryUsage().rss;
  const forgotten = forgetPeak();
  return () => Math.max(0, (forgotten ? peakOnLinux() : 1024 * process.resourceUsage().maxRSS) - start);
}

/** Linux can start its count of the peak anew; elsewhere a higher peak of before stays. */
function forgetPeak(): boolean {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return true;
  } catch {
    return false;
  }
}

const peakOnLinux = (): number =>
  1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0);
