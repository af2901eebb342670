// The model card: the README.md of a folder with a model. What the Hugging Face Hub reads (YAML at the top) and what a person
// needs to know before using the model: data, settings, scores, limits, licence.
//
//   modelCard({ name: 'reviews', labels: ['negative', 'positive'], modelType: 'bert', maxLength: 128, license: 'apache-2.0' })
//
// A pure function of what it is given; what is not given is not claimed.
import type { Evaluation } from './evaluate.js';
import { yamlText } from './yaml.js';

export interface ModelCardFacts {
  /** What the model is called; the last part of a path or id will do. */
  readonly name: string;
  readonly labels: readonly string[];
  /** config.json's model_type. */
  readonly modelType: string;
  /** Longest input in tokens; longer texts are cut. */
  readonly maxLength: number;
  /** Number of weights. */
  readonly parameterCount?: number;
  /** As the hub spells it: "apache-2.0", "cc-by-4.0". */
  readonly license?: string;
  /** What it was fine-tuned from: an id on the hub. */
  readonly baseModel?: string;
  /** ISO 639-1 codes of the texts' languages. */
  readonly languages?: readonly string[];
  readonly data?: CardData;
  /** How it was trained: option and value. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** The model's files, or the model as it was in memory, with what they scored. */
  readonly files?: readonly CardFile[];
  /** The machine the times were measured on. */
  readonly measuredOn?: string;
  /** What it should not be used for, and where it fails, in sentences. */
  readonly limits?: readonly string[];
  /** Is there a model.safetensors, for Python's transformers? */
  readonly hasWeights?: boolean;
}

export interface CardData {
  readonly name: string;
  /** Its id on the hub, where it is from there. */
  readonly id?: string;
  readonly description?: string;
  readonly license?: string;
  /** Rows of each split. */
  readonly rows?: Readonly<Record<string, number>>;
}

/** One form of the model. */
export interface CardFile {
  /** How its weights are stored: "float32", "int8". */
  readonly format: string;
  /** Path in the folder. */
  readonly path?: string;
  readonly bytes?: number;
  readonly score?: CardScore;
}

export interface CardScore {
  /** Number of labelled texts it was measured on, none of them trained on. */
  readonly rows: number;
  /** Share in [0, 1]. */
  readonly accuracy: number;
  /** Its 95% interval. */
  readonly interval: { readonly low: number; readonly high: number };
  readonly macroF1?: number;
  /** Time a text took on average. */
  readonly millisecondsPerRow?: number;
}

/** What a card says of an evaluation. */
export const cardScore = ({ predictions, accuracy, interval, macroF1, millisecondsPerRow }: Evaluation): CardScore => ({
  rows: predictions.length,
  accuracy,
  interval,
  macroF1,
  millisecondsPerRow,
});

export function modelCard(facts: ModelCardFacts): string {
  const onnx = facts.files?.some(({ path }) => path?.endsWith('.onnx')) ?? false;
  const scored = facts.files?.some(({ score }) => score !== undefined) ?? false;
  const sections = [
    `# ${plain(facts.name)}\n\n${introduction(facts)}`,
    facts.data && `## Data\n\n${data(facts.data)}`,
    facts.settings && `## Settings\n\n${settings(facts.settings)}`,
    facts.files?.length && `## ${scored ? 'Scores' : 'Files'}\n\n${fileTable(facts.files, facts)}`,
    `## Limits\n\n${limits(facts, onnx)}`,
    `## Use\n\n${use(facts, onnx)}`,
    `## Licence\n\n${licence(facts)}`,
  ];
  return `---\n${yamlText(frontMatter(facts, onnx))}---\n\n${sections.filter(Boolean).join('\n\n')}\n`;
}

/** Did `modelCard` write this README? */
export const isModelCard = (text: string): boolean => /^---\n[\s\S]*?\n\s*- model-types\n[\s\S]*?---\n/.test(text);

function frontMatter(facts: ModelCardFacts, onnx: boolean) {
  const { name, license, baseModel, languages, data, files, hasWeights } = facts;
  const best = files?.find(({ score }) => score !== undefined)?.score;
  return {
    ...(languages?.length ? { language: languages } : {}),
    license: license ?? 'unknown',
    library_name: onnx && !hasWeights ? 'transformers.js' : 'transformers',
    pipeline_tag: 'text-classification',
    base_model: baseModel,
    datasets: data?.id === undefined ? undefined : [data.id],
    metrics: best && ['accuracy', ...(best.macroF1 === undefined ? [] : ['f1'])],
    tags: ['text-classification', 'model-types', ...(onnx ? ['onnx', 'transformers.js'] : [])],
    // The hub shows these beside the model. The split is the one nobody trained on.
    'model-index': best &&
      data && [
        {
          name,
          results: [
            {
              task: { type: 'text-classification', name: 'Text classification' },
              dataset: { name: data.name, type: data.id ?? data.name, split: 'test' },
              metrics: [
                { type: 'accuracy', name: 'Accuracy', value: rounded(best.accuracy) },
                ...(best.macroF1 === undefined ? [] : [{ type: 'f1', name: 'Macro F1', value: rounded(best.macroF1) }]),
              ],
            },
          ],
        },
      ],
  };
}

function introduction({ labels, modelType, parameterCount, baseModel }: ModelCardFacts): string {
  const size = parameterCount === undefined ? '' : ` of ${(parameterCount / 1e6).toFixed(1)} million weights`;
  const from = baseModel === undefined ? '' : `, fine-tuned from ${link(baseModel)}`;
  return `Sorts texts into ${labels.length} labels: ${labels.map(plain).join(', ')}. A ${plain(modelType)} encoder${size} with a classification head${from}, made with model-types.`;
}

function data({ name, id, description, license, rows }: CardData): string {
  const about = [
    `${id === undefined ? plain(name) : link(id, 'datasets/')}.`,
    description && plain(description),
    license && `Licence: ${plain(license)}.`,
  ];
  const counts = Object.entries(rows ?? {}).map(([split, count]) => [plain(split), String(count)]);
  return [about.filter(Boolean).join(' '), ...(counts.length > 0 ? [table(['split', 'rows'], counts)] : [])].join(
    '\n\n',
  );
}

const settings = (all: Readonly<Record<string, string | number | boolean>>): string =>
  table(
    ['option', 'value'],
    Object.entries(all).map(([name, value]) => [plain(name), plain(String(value))]),
  );

function fileTable(files: readonly CardFile[], { measuredOn }: ModelCardFacts): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
  type Column = readonly [title: string, cells: readonly (string | undefined)[]];
  const ofFiles = (title: string, spell: (file: CardFile) => string | undefined): Column => [title, files.map(spell)];
  const ofScores = (title: string, spell: (score: CardScore) => string | undefined): Column =>
    ofFiles(title, ({ score }) => score && spell(score));
  const columns = [
    ofFiles('weights', ({ format }) => plain(format)),
    ofFiles('file', ({ path }) => path && `\`${path}\``),
    ofFiles('size', ({ bytes }) => (bytes === undefined ? undefined : megabytes(bytes))),
    ofScores('accuracy', ({ accuracy }) => percent(accuracy)),
    ofScores('95% interval', ({ interval: { low, high } }) => `${percent(low)} to ${percent(high)}`),
    ofScores('macro F1', ({ macroF1 }) => (macroF1 === undefined ? undefined : percent(macroF1))),
    ofScores('ms per text', ({ millisecondsPerRow: ms }) => ms?.toFixed(ms < 10 ? 2 : 1)),
  ].filter(([, cells]) => cells.some((cell) => cell !== undefined));
  const rows = new Set(files.flatMap(({ score }) => score?.rows ?? []));
  const measured = rows.size > 0 ? `Measured on ${[...rows].join(' and ')} test texts that were not trained on.` : '';
  const machine = measuredOn === undefined ? '' : ` Times: in batches, on ${plain(measuredOn)}.`;
  const header = columns.map(([title]) => title);
  const lines = files.map((_, i) => columns.map(([, cells]) => cells[i] ?? ''));
  return `${measured}${machine}\n\n${table(header, lines)}`.trimStart();
}

function limits({ maxLength, limits: given = [] }: ModelCardFacts, onnx: boolean): string {
  const all = [
    ...given.map(plain),
    `Texts are cut after ${maxLength} tokens.${onnx ? ' transformers.js cuts off their closing token too, so its scores for such texts differ a little.' : ''}`,
    'Every text gets one of the labels, also one that fits none of them. A score says how the labels compare, not how likely the answer is to be right.',
    'It knows texts like those it was trained on; measure it on your own before you rely on it.',
  ];
  return all.map((limit) => `- ${limit}`).join('\n');
}

function use({ name, hasWeights }: ModelCardFacts, onnx: boolean): string {
  const id = JSON.stringify(name);
  const path = JSON.stringify(`./${name}`); // without ./ it would be an id on the hub
  const parts = [
    hasWeights &&
      fence('Python', 'python', [
        'from transformers import pipeline',
        '',
        `classify = pipeline("text-classification", model=${path})`,
        'print(classify(["A text."]))',
      ]),
    onnx &&
      fence('Node.js', 'ts', [
        "import { pipeline } from '@huggingface/transformers';",
        '',
        `const classify = await pipeline('text-classification', ${path}, { dtype: 'q8' }); // 'fp32', 'fp16' or 'q8' (int8)`,
        "console.log(await classify(['A text.']));",
      ]),
    onnx &&
      fence(
        'In a page, with the folder served under /models/ and the wasm files of onnxruntime-web under /onnxruntime/',
        'html',
        [
          '<script type="module">',
          "  import { env, pipeline } from './transformers.min.js'; // node_modules/@huggingface/transformers/dist",
          '  env.allowRemoteModels = false;',
          '  env.allowLocalModels = true;',
          "  env.localModelPath = '/models/';",
          "  env.backends.onnx.wasm.wasmPaths = '/onnxruntime/';",
          `  const classify = await pipeline('text-classification', ${id.replaceAll('<', '\\u003c')}, { dtype: 'q8' });`,
          "  const [{ label, score }] = await classify(['A text.']);",
          "  document.body.append(label, ' ', score.toFixed(3));",
          '</script>',
        ],
      ),
    fence('model-types', 'ts', [
      `import { ${onnx ? 'loadOnnx' : 'loadModel'} } from 'model-types';`,
      '',
      onnx
        ? `const model = await loadOnnx(${path}, { dtype: 'int8' });`
        : `const model = await loadModel(${path}, { task: 'text-classification' });`,
      "console.log(await model.predict(['A text.']));",
    ]),
  ];
  return parts.filter(Boolean).join('\n\n');
}

function licence({ license, baseModel, data }: ModelCardFacts): string {
  const base = baseModel === undefined ? '' : ` The base model, ${link(baseModel)}, comes under its own licence`;
  const source =
    data === undefined ? '' : `${base ? ', and so do the data' : ' The data come under their own licence'}`;
  const rest = base || source ? `${base}${source}.` : '';
  return `${license === undefined ? 'Not stated by those who trained it.' : `${plain(license)}.`}${rest}`;
}

const fence = (title: string, language: string, lines: readonly string[]): string =>
  `${title}:\n\n\`\`\`${language}\n${lines.join('\n')}\n\`\`\``;

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 1)} MB`;

const rounded = (share: number): number => Math.round(share * 1e4) / 1e4;

/** A link to the hub, for ids that are nothing but an id. */
const link = (id: string, folder = ''): string =>
  /^[\w.-]+(\/[\w.-]+)?$/.test(id) ? `[${plain(id)}](https://huggingface.co/${folder}${id})` : plain(id);

/** Text that Markdown shows as it is, on one line. */
const plain = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>#|~&]/g, '\\$&');
