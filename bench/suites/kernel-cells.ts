// What the kernels are given to run, in TypeScript and, the same tasks, in Python.
import type { LanguageRequest } from './kernel-client.js';

type Language = 'typescript' | 'python';

export const firstCell = '1+1';

/** A new variable of a stated type, and its value; no two are alike, so that nothing is answered from a cache. */
export const smallCell = (n: number, { language, checked }: { language: Language; checked: boolean }): string => {
  if (language === 'python') return `x${n}: int = ${n} + 12; x${n}`;
  return `${checked ? '' : '// @ts-nocheck\n'}const x${n}: number = ${n} + 12; x${n}`;
};

/** Fails where types are checked, and only there. */
export const wrongCell = "const wrong: number = 'text'; wrong";

export const importLines = [
  "import * as tf from '@tensorflow/tfjs';",
  "import { AutoTokenizer } from '@huggingface/transformers';",
  "import * as dfd from 'danfojs-node';",
  "import { accuracy, fineTune } from 'model-types';",
].join('\n');

/** Uses what it imports: what is not used, a compiler may leave out. */
export const importCell: Readonly<Record<Language, string>> = {
  typescript: `${importLines}\n[typeof tf.tensor, typeof AutoTokenizer, typeof dfd.DataFrame, typeof fineTune].join(' ')`,
  python: 'import numpy as np\nimport pandas as pd\n[np.array, pd.DataFrame]',
};

export const imported = 'function function function function';

/** Twenty cells of a lesson, each of which uses what was imported. */
export const followingCells: readonly string[] = [
  'const a = tf.tensor2d([[1, 2], [3, 4]]);\na.shape',
  'const product = tf.matMul(a, a);\nArray.from(product.dataSync())',
  'const mean: number = tf.mean(product).arraySync() as number;\nmean',
  "const frame = new dfd.DataFrame([{ age: 30, name: 'Ada' }, { age: 41, name: 'Bo' }]);\nframe.shape",
  "const ages = frame.column('age');\nages.mean()",
  'const layer = tf.layers.dense({ units: 4, inputShape: [2] });\nlayer.name.length > 0',
  'const model = tf.sequential({ layers: [layer] });\nmodel.countParams()',
  "const optimizer = tf.train.adam(0.01);\nmodel.compile({ optimizer, loss: 'meanSquaredError' });",
  'const predicted = model.predict(a) as tf.Tensor;\npredicted.shape.length',
  'const truth = [1, 0, 1, 1];\naccuracy([1, 1, 1, 0], truth)',
  'function scaled(x: tf.Tensor, by: number): tf.Tensor {\n  return tf.mul(x, by);\n}\nArray.from(scaled(a, 2).dataSync())',
  'interface Point { readonly x: number; readonly y: number }\nconst points: Point[] = [{ x: 1, y: 2 }, { x: 3, y: 4 }];\npoints.length',
  'const xs = tf.tensor1d(points.map(({ x }) => x));\nxs.size',
  'const ys = tf.tidy(() => tf.add(xs, tf.scalar(1)));\nArray.from(ys.dataSync())',
  'const names: string[] = frame.columns;\nnames.join()',
  'const tune: typeof fineTune = fineTune;\ntypeof tune',
  'const tokenize: typeof AutoTokenizer.from_pretrained = AutoTokenizer.from_pretrained;\ntypeof tokenize',
  'const gradient = tf.grad((x: tf.Tensor) => tf.square(x));\nArray.from(gradient(xs).dataSync())',
  'const table = frame.head(1);\ntable.shape',
  'const total = points.reduce((sum, { y }) => sum + y, 0) + tf.memory().numTensors;\ntotal > 0',
];

/** A cell that computes for that long, and no other task gets its turn. */
export const busyCell = (n: number, seconds: number, language: Language): string =>
  language === 'python'
    ? `import time\nend${n} = time.time() + ${seconds}\nwhile time.time() < end${n}: pass`
    : `const end${n}: number = Date.now() + ${1000 * seconds};\nwhile (Date.now() < end${n}) {}`;

export const endlessCell: Readonly<Record<Language, string>> = {
  typescript: 'while (true) {}',
  python: 'while True: pass',
};

export const printedLines = 100_000;

export const printCell: Readonly<Record<Language, string>> = {
  typescript: `for (let i = 0; i < ${printedLines}; i++) console.log('line ' + i);`,
  python: `for i in range(${printedLines}): print('line ' + str(i))`,
};

/** Characters that printCell prints. */
export const printedCharacters = Array.from({ length: printedLines }, (_, i) => `line ${i}\n`.length).reduce(
  (sum, length) => sum + length,
);

/** A place where one may ask for help: the name before the cursor, begun, and whole. */
interface Place {
  readonly object: string;
  readonly begun: string;
  readonly whole: string;
}

const place = (text: string): Place => {
  const [, object = '', begun = '', rest = ''] = /^(?:(\w+)\.)?(\w*)\|(\w+)$/.exec(text) ?? [];
  return { object, begun, whole: begun + rest };
};

/** A notebook in which completion and inspection are asked for; `object.beg|un`. */
export interface Places {
  readonly cells: Readonly<Record<Language, readonly string[]>>;
  readonly places: Readonly<Record<Language, readonly string[]>>;
}

export const smallNotebook: Places = {
  cells: {
    typescript: ["const words: string[] = ['one', 'two', 'three'];", 'const size: number = words.length;\nsize'],
    python: ["words: list[str] = ['one', 'two', 'three']", 'size: int = len(words)\nsize'],
  },
  places: {
    typescript: ['words.ma|p', 'words.filt|er', 'words.joi|n', 'words.rever|se', 'size.toFix|ed'],
    python: ['words.app|end', 'words.cou|nt', 'words.ins|ert', 'words.rever|se', 'size.bit_le|ngth'],
  },
};

export const importsNotebook: Places = {
  cells: { typescript: [importCell.typescript], python: [importCell.python] },
  places: {
    typescript: ['tf.tens|or', 'tf.matM|ul', 'dfd.DataFr|ame', 'AutoToken|izer', 'tf.lay|ers'],
    python: ['np.zer|os', 'np.matm|ul', 'pd.DataFr|ame', 'np.lins|pace', 'pd.Ser|ies'],
  },
};

/** What is asked at a place, and what the answer must mention. */
export function asked(text: string, kind: LanguageRequest['kind']): LanguageRequest & { readonly expected: string } {
  const { object, begun, whole } = place(text);
  const line = (name: string) => (object === '' ? name : `${object}.${name}`);
  const code = kind === 'complete_request' ? line(begun) : line(whole);
  return { kind, code, cursor: code.length, expected: whole };
}
