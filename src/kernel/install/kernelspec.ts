// What Jupyter needs to know to start the kernel: the files of a kernelspec.

import { logoPng, logoSvg } from './logo.js';
import { kernelProgram, packageVersion } from './package-root.js';
import { threadCaps } from './threads.js';

/** The name that notebooks carry in `metadata.kernelspec.name`; tslab takes `tslab` and `jslab`, Deno takes `deno`. */
export const defaultName = 'typescript';
export const defaultDisplayName = 'TypeScript';

/** In `metadata`: says that a kernelspec is ours, and so may be replaced and removed. */
export const marker = 'model-types-kernel';

/** The contents of kernel.json, those parts that are ours to know. */
export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode?: string;
  readonly kernel_protocol_version?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface KernelspecOptions {
  readonly displayName?: string;
  /** Flags for Node.js, for instance `--max-old-space-size=8192`. */
  readonly nodeOptions?: readonly string[];
  /** Most threads for native libraries; without it as many as there are processors to use, and 0 leaves them alone. */
  readonly threads?: number;
  /** Further variables for the kernel, for instance NODE_PATH; they win over the caps on threads. */
  readonly env?: Readonly<Record<string, string>>;
  /** The program to run, an absolute path. Default: this package's own. */
  readonly program?: string;
}

/** Absolute paths, so that neither PATH nor a global install decides what is started. */
export function kernelspec(options: KernelspecOptions = {}): Kernelspec {
  const { displayName = defaultDisplayName, nodeOptions = [], threads, env = {}, program = kernelProgram() } = options;
  return {
    argv: [process.execPath, ...nodeOptions, program, '{connection_file}'],
    display_name: displayName,
    language: 'typescript',
    // Stop is a message on the control channel: signals would hit native code and child processes too, and Windows has none.
    interrupt_mode: 'message',
    kernel_protocol_version: '5.5',
    // TensorFlow's C library greets on stderr at every import, in red under the cell; its warnings stay.
    env: { TF_CPP_MIN_LOG_LEVEL: '1', ...(threads === 0 ? {} : threadCaps(threads)), ...env },
    metadata: { debugger: false, [marker]: { version: packageVersion() } },
  };
}

/** The whole folder: file name to contents. */
export function kernelspecFiles(spec: Kernelspec): Readonly<Record<string, string | Buffer>> {
  return {
    'kernel.json': `${JSON.stringify(spec, null, 2)}\n`,
    'logo-svg.svg': logoSvg(),
    'logo-32x32.png': logoPng(32),
    'logo-64x64.png': logoPng(64),
  };
}

/** Whether we wrote it. */
export const isOurs = (spec: Kernelspec | undefined): boolean => spec?.metadata?.[marker] !== undefined;
