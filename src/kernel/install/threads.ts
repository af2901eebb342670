// How many threads native libraries may start, written into the kernelspec's `env`.
//
// Left alone, each takes the machine's cores for its own: in a container that may use two of sixty-four, or with a few
// notebooks open, they then wait for each other more than they compute. What each variable reaches:
//
//   ORT_INTRA_OP_NUM_THREADS   ONNX Runtime 1.29 and later: model-types, transformers.js. Left alone: the physical cores.
//   TF_NUM_INTRAOP_THREADS     TensorFlow's C library, so @tensorflow/tfjs-node (one operator)
//   TF_NUM_INTEROP_THREADS     the same (operators side by side)
//   OMP_NUM_THREADS            whatever uses OpenMP: native addons, Python and others started from a cell
//   OPENBLAS_NUM_THREADS       OpenBLAS, in the same
//   MKL_NUM_THREADS            Intel's MKL, in the same
//
// tfjs in plain JavaScript and WebAssembly without threads has nothing to cap.

import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/** @param threads what was asked for; without it the processors that this process may use */
export function threadCaps(threads: number | undefined, machine: Machine = thisMachine()): Record<string, string> {
  const most = threads ?? usable(machine);
  const cap = String(most);
  const caps: Record<string, string> = {
    OMP_NUM_THREADS: cap,
    OPENBLAS_NUM_THREADS: cap,
    MKL_NUM_THREADS: cap,
    TF_NUM_INTRAOP_THREADS: cap,
    TF_NUM_INTEROP_THREADS: cap,
  };
  // ONNX Runtime's own choice, the physical cores, is better than all logical ones; only a real limit overrules it.
  if (threads !== undefined || most < machine.processors) caps.ORT_INTRA_OP_NUM_THREADS = cap;
  return caps;
}

export interface Machine {
  readonly processors: number;
  /** How many of them this process may run on. */
  readonly available: number;
  /** The contents of /sys/fs/cgroup/cpu.max, where there is one: `200000 100000` means two processors. */
  readonly quota: string;
}

/** The processors that may be used, by affinity and by a container's quota; libuv knows of the quota only in newer Node. */
export function usable({ available, quota }: Machine): number {
  const [, limit, period] = /^(\d+) (\d+)/.exec(quota) ?? [];
  const byQuota = limit ? Math.ceil(Number(limit) / Number(period)) : available;
  return Math.max(1, Math.min(available, byQuota));
}

function thisMachine(): Machine {
  let quota = '';
  try {
    quota = readFileSync('/sys/fs/cgroup/cpu.max', 'utf8');
  } catch {
    // No Linux, no container or an older kind of cgroup.
  }
  return { processors: cpus().length || 1, available: availableParallelism(), quota };
}
