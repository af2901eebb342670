/** 4,600 damaged config.json, tokenizer.json and their kin: a model loads and reads text, or a sentence says why not. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, test } from 'vitest';
import { readCheckpoint } from '../../src/hub/checkpoint.js';
import { seededRandom } from '../../src/hub/random.js';
import { encoderOf } from '../../src/models/architectures.js';
import { loadModel } from '../../src/tasks/load-model.js';
import { loadTokenizer } from '../../src/tasks/tokenizer.js';
import { Judge } from './judge.js';
import { mutateBytes, mutateJson } from './mutations.js';

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fuzz-'));
});
afterAll(() => rm(root, { recursive: true }));

const TEXT = 'Naïve café 食物 🙂 was GREAT, wasn’t it?\n\u0000';

/** Errors must name the folder or the file. What tokenizer_config.json says of a token may be held against the tokens. */
const named = { config: /damaged-|config\.json/, tokenizer: /damaged-|tokenizer\.json|tokenizer_config\.json/ };

async function damaged(name: string): Promise<string> {
  const folder = await mkdtemp(join(root, 'damaged-'));
  await cp(join(fixtures, name), folder, { recursive: true });
  return folder;
}

test.each([
  ['tiny-bert', 400],
  ['tiny-distilbert', 100],
  ['tiny-roberta', 100],
  ['tiny-mobilebert', 100],
  ['tiny-modernbert', 300],
] as const)('config.json: %s', async (name, count) => {
  const folder = await damaged(name);
  const path = join(folder, 'config.json');
  const text = await readFile(path, 'utf8');
  const judge = new Judge(named.config);
  for (let seed = 0; seed < count; seed++) {
    await writeFile(path, mutateJson(text, seededRandom(seed)));
    await judge.judge(`seed ${seed}`, () => loadModel(folder, { task: 'text-classification', labels: ['no', 'yes'] }));
  }
  judge.conclude();
});

test('config.json, as far as the encoder goes', async () => {
  const folder = await damaged('tiny-bert');
  const text = await readFile(join(folder, 'config.json'), 'utf8');
  const judge = new Judge(named.config);
  for (let seed = 1000; seed < 2000; seed++) {
    const damage = mutateJson(text, seededRandom(seed));
    let config: unknown;
    try {
      config = JSON.parse(damage);
    } catch {
      continue; // another test's concern
    }
    if (typeof config !== 'object' || config === null || Array.isArray(config)) continue;
    await judge.judge(`seed ${seed}`, () => encoderOf(config as Record<string, unknown>, folder));
  }
  judge.conclude();
});

test.each([
  ['tiny-bert', 500],
  ['tiny-roberta', 400],
  ['tiny-xlm-roberta', 400],
  ['tiny-modernbert', 200],
] as const)('tokenizer.json: %s', async (name, count) => {
  const folder = await damaged(name);
  const path = join(folder, 'tokenizer.json');
  const text = await readFile(path, 'utf8');
  const judge = new Judge(named.tokenizer);
  for (let seed = 0; seed < count; seed++) {
    await writeFile(path, mutateJson(text, seededRandom(seed)));
    await judge.judge(`seed ${seed}`, async () => {
      const { tokenizerJson, tokenizerConfig } = await readCheckpoint(folder);
      loadTokenizer(tokenizerJson, tokenizerConfig).encode(TEXT, 32);
    });
  }
  judge.conclude();
});

test.each(['tiny-bert', 'tiny-roberta'])('tokenizer_config.json: %s', async (name) => {
  const folder = await damaged(name);
  const path = join(folder, 'tokenizer_config.json');
  const text = await readFile(path, 'utf8');
  const judge = new Judge(named.tokenizer);
  for (let seed = 0; seed < 250; seed++) {
    await writeFile(path, mutateJson(text, seededRandom(seed)));
    await judge.judge(`seed ${seed}`, async () => {
      const { tokenizerJson, tokenizerConfig } = await readCheckpoint(folder);
      loadTokenizer(tokenizerJson, tokenizerConfig).encode(TEXT, 32);
    });
  }
  judge.conclude();
});

test('vocab.txt, and what is said of its tokens', async () => {
  const folder = await damaged('pytorch-bin/whole');
  const files = {
    'vocab.txt': await readFile(join(folder, 'vocab.txt')),
    'tokenizer_config.json':
      '{"do_lower_case":true,"unk_token":"[UNK]","cls_token":{"content":"[CLS]"},"added_tokens_decoder":{"2":{"content":"[CLS]"}}}',
    'special_tokens_map.json': '{"sep_token":"[SEP]","additional_special_tokens":[]}',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const judge = new Judge(/damaged-|vocab\.txt/);
  for (let seed = 0; seed < 600; seed++) {
    const random = seededRandom(seed);
    const which = Object.keys(files)[seed % 3] as keyof typeof files;
    const content = files[which];
    const damage = typeof content === 'string' ? mutateJson(content, random) : mutateBytes(content, random);
    await writeFile(join(folder, which), damage);
    await judge.judge(`seed ${seed}`, async () => {
      const { tokenizerJson, tokenizerConfig } = await readCheckpoint(folder);
      loadTokenizer(tokenizerJson, tokenizerConfig).encode(TEXT, 32);
    });
    await writeFile(join(folder, which), content);
  }
  judge.conclude();
});
