// A web server on this machine for pages that run models: transformers.js, the wasm files of ONNX Runtime, a folder of models.
//
//   const site = await serve({ ...libraries, '/models/': folder, '/page.html': file });
//   await page.goto(`${site.origin}/page.html`);
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join, normalize } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

const transformers = createRequire(import.meta.url).resolve('@huggingface/transformers');

/** What every page may load from this machine, as the model card says: the library, and the runtime it drives. */
export const libraries: Readonly<Record<string, string>> = {
  '/library/': dirname(transformers),
  '/onnxruntime/': dirname(createRequire(transformers).resolve('onnxruntime-web')),
};

export interface Site {
  readonly origin: string;
  close(): Promise<void>;
}

/** @param routes paths with the file they serve, or where they end in "/" with the folder */
export async function serve(routes: Readonly<Record<string, string>>): Promise<Site> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [route, place] = Object.entries(routes).find(([path]) => pathname.startsWith(path)) ?? [];
    const rest = normalize(`/${decodeURIComponent(pathname.slice(route?.length ?? 0))}`);
    const file = route?.endsWith('/') ? join(place as string, rest) : place;
    const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
    if (file === undefined || !found?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const type = types[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'content-length': found.size });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
