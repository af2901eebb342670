/**
 * A server on this machine that answers as the Hugging Face hub does, for one model or data set: revisions, listings in pages,
 * files by range.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const COMMIT = 'c0ffee00'.repeat(5);

/** What to do to a request instead of, or while, answering it. */
export type Mishap =
  | 'truncate'
  | 'corrupt'
  | 'stall'
  | 'cut'
  | 'slow'
  | 'ignore range'
  | 'other range'
  | { status: number; code?: string; headers?: Record<string, string> };

export class LocalHub {
  readonly #server: Server;
  /** `METHOD path` of each request, with its range if it has one. */
  readonly requests: string[] = [];
  /** The tokens that came with requests. */
  readonly tokens = new Set<string | undefined>();
  /** Mishaps by the end of the request's path, used up one by one; the last stays if it is repeated with `'always'`. */
  readonly mishaps = new Map<string, (Mishap | 'always')[]>();
  /** Contents by path in the repository. Names that end in `.safetensors`, `.bin` or `.parquet` are served as large files. */
  files: Record<string, Buffer>;
  /** The hash a listing states for a path, instead of the true one. */
  readonly statedHashes = new Map<string, string>();
  readonly id: string;
  readonly kind: 'model' | 'dataset';
  /** What the head of a data set's README says. */
  cardData: unknown;
  /** Other revisions: the commit of each, and its files. */
  readonly branches = new Map<string, { commit: string; files: Record<string, Buffer> }>();
  /** Path before every other, as hubs behind a company's proxy have one. */
  prefix = '';
  /** Where large files are sent from: by default this server, by its full address. `''` redirects by path alone. */
  contentUrl: string | undefined;
  /** Where the next page of a listing is: by default this server. */
  pagesUrl: string | undefined;

  private constructor(id: string, files: Record<string, Buffer>, kind: 'model' | 'dataset') {
    this.id = id;
    this.kind = kind;
    this.files = files;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(
    id: string,
    files: Record<string, string | Buffer>,
    kind: 'model' | 'dataset' = 'model',
  ): Promise<LocalHub> {
    const contents = Object.entries(files).map(([path, data]) => [path, Buffer.from(data)]);
    const hub = new LocalHub(id, Object.fromEntries(contents), kind);
    await new Promise<void>((ready) => hub.#server.listen(0, '127.0.0.1', ready));
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}${this.prefix}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const { searchParams } = url;
    const pathname = url.pathname.startsWith(this.prefix) ? url.pathname.slice(this.prefix.length) : '/nowhere';
    const range = request.headers.range;
    this.requests.push(`${request.method} ${pathname}${range ? ` ${range}` : ''}`);
    this.tokens.add(request.headers.authorization);
    const mishap = this.#nextMishap(pathname);
    if (mishap === 'stall') return;
    if (mishap === 'cut') return void request.socket.destroy();
    if (typeof mishap === 'object') {
      const { status, code, headers } = mishap;
      response.writeHead(status, { ...headers, ...(code ? { 'x-error-code': code } : {}) }).end('no');
    } else if (pathname.startsWith(`${this.#api}/revision/`)) {
      const revision = decodeURIComponent(pathname.slice(`${this.#api}/revision/`.length));
      const sha = this.branches.get(revision)?.commit ?? (isCommit(revision) ? revision : COMMIT);
      if (this.kind === 'dataset' && revision.startsWith('refs/') && !this.branches.has(revision)) {
        response.writeHead(404, { 'x-error-code': 'RevisionNotFound' }).end();
      } else {
        const card = this.cardData === undefined || sha !== COMMIT ? {} : { cardData: this.cardData };
        json(response, { _id: '1', id: this.id, sha, lastModified: '2024-01-01T00:00:00.000Z', ...card });
      }
    } else if (pathname.startsWith(`${this.#api}/tree/`)) {
      this.#list(response, pathname.slice(`${this.#api}/tree/`.length), Number(searchParams.get('cursor') ?? 0));
    } else if (pathname.startsWith(`${this.#place}/resolve/`)) {
      const [, commit = '', name = ''] = /^([^/]+)\/(.+)$/.exec(pathname.slice(`${this.#place}/resolve/`.length)) ?? [];
      const path = decodeURIComponent(name);
      const data = this.#filesAt(commit)?.[path];
      if (data === undefined) response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
      else if (!isLarge(path)) send(response, data, range, mishap);
      else {
        const at = commit === COMMIT ? path : `${commit}/${path}`;
        const headers = { location: `${this.contentUrl ?? this.url}/content/${at}`, 'x-linked-etag': sha256(data) };
        response.writeHead(302, { ...headers, 'x-linked-size': data.length }).end();
      }
    } else if (pathname.startsWith('/content/')) {
      const path = pathname.slice('/content/'.length);
      send(response, this.files[path] ?? this.#filesAt(path.slice(0, 40))![path.slice(41)]!, range, mishap);
    } else {
      response.writeHead(404, { 'x-error-code': 'RepoNotFound' }).end();
    }
  }

  get #api(): string {
    return `/api/${this.kind}s/${this.id}`;
  }

  get #place(): string {
    return this.kind === 'model' ? `/${this.id}` : `/datasets/${this.id}`;
  }

  #filesAt(commit: string): Record<string, Buffer> | undefined {
    return commit === COMMIT ? this.files : [...this.branches.values()].find((one) => one.commit === commit)?.files;
  }

  #nextMishap(pathname: string): Mishap | undefined {
    for (const [end, queue] of this.mishaps) {
      if (!pathname.endsWith(end)) continue;
      return (queue[1] === 'always' ? queue[0] : queue.shift()) as Mishap | undefined;
    }
    return undefined;
  }

  #list(response: ServerResponse, commit: string, from: number): void {
    const page = 3;
    const files = this.#filesAt(commit);
    if (files === undefined) return void response.writeHead(404, { 'x-error-code': 'RevisionNotFound' }).end();
    const entries = Object.entries(files).map(([path, data]) => {
      const stated = this.statedHashes.get(path);
      const entry = { type: 'file', path, size: data.length, oid: stated ?? gitHash(data) };
      const lfs = { oid: stated ?? sha256(data), size: data.length, pointerSize: 130 };
      return isLarge(path) ? { ...entry, lfs } : entry;
    });
    const next = `${this.pagesUrl ?? this.url}${this.#api}/tree/${commit}?recursive=true&cursor=${from + page}`;
    const link: Record<string, string> = from + page < entries.length ? { link: `<${next}>; rel="next"` } : {};
    json(response, [{ type: 'directory', path: 'onnx', size: 0, oid: '0' }, ...entries.slice(from, from + page)], link);
  }
}

function isLarge(path: string): boolean {
  return /\.(safetensors|bin|parquet)$/.test(path);
}

function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

export function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

export function gitHash(data: Uint8Array): string {
  return createHash('sha1').update(`blob ${data.length}\0`).update(data).digest('hex');
}

function json(response: ServerResponse, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function send(response: ServerResponse, whole: Buffer, range: string | undefined, mishap: Mishap | undefined): void {
  const found = mishap === 'ignore range' ? undefined : range && /^bytes=(\d+)-(\d+)$/.exec(range);
  const [start, end] = found ? [Number(found[1]), Number(found[2]) + 1] : [0, whole.length];
  let data = whole.subarray(start, end);
  if (mishap === 'corrupt') data = Buffer.from(data.map((byte) => byte ^ 1));
  const headers: Record<string, string | number> = { etag: '"x"', 'content-length': data.length };
  if (found) headers['content-range'] = `bytes ${start}-${end - 1}/${whole.length}`;
  if (mishap === 'other range') {
    data = whole.subarray(0, end - start);
    headers['content-range'] = `bytes 0-${data.length - 1}/${whole.length}`;
  }
  response.writeHead(found ? 206 : 200, headers);
  if (mishap === 'truncate') response.write(data.subarray(0, data.length / 2), () => response.destroy());
  else if (mishap === 'slow') drip(response, data);
  else response.end(data);
}

/** Some two thousand bytes every 10 ms, until they are all sent or nobody listens. */
function drip(response: ServerResponse, data: Buffer, from = 0): void {
  if (response.destroyed) return;
  const to = from + 2000;
  if (to >= data.length) response.end(data.subarray(from));
  else response.write(data.subarray(from, to), () => setTimeout(() => drip(response, data, to), 10));
}
