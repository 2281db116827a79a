import { afterAll, beforeAll } from '@jest/globals';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RemoteFile } from '../../src/pull/sources.js';

/** Content that no two places of look alike. */
export const CONTENT = Buffer.from(
  Uint8Array.from({ length: 20_000 }, (_, i) => (i * i * 7 + (i >> 3)) % 251),
);

export const hashOf = (algorithm: 'md5' | 'sha256', bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest('hex');

type Handler = (request: IncomingMessage, response: ServerResponse, from: number) => void;

/** Requests so far, by path, with the range each asked for. */
export const requests: { path: string; range: string | undefined }[] = [];

/** A server on this machine, for the tests of the file that calls this. */
export function localServer(paths: Readonly<Record<string, Handler>>): () => string {
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = request.url ?? '';
      const { range } = request.headers;
      requests.push({ path, range });
      const handler = paths[path];
      if (handler === undefined) response.writeHead(404).end();
      else handler(request, response, Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0));
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Announces the rest of the content from a byte on, as a server that knows ranges does; false when there is none. */
export function announce(response: ServerResponse, from: number, content: Uint8Array = CONTENT): boolean {
  if (from > 0 && from >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return false;
  }
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': content.length - from,
    ...(from > 0 && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
  });
  return true;
}

/** Serves content as it should. */
export const serves =
  (content: Uint8Array = CONTENT): Handler =>
  (_request, response, from) => {
    if (announce(response, from, content)) response.end(content.subarray(from));
  };

/** A file that may be downloaded, by default with the hashes of the content. */
export function remote(urls: readonly string[], content: Uint8Array | null = CONTENT): RemoteFile {
  return {
    name: 'file.bin',
    urls,
    bytes: null,
    hashes:
      content === null
        ? []
        : (['md5', 'sha256'] as const).map((algorithm) => ({
            algorithm,
            hex: hashOf(algorithm, content),
            origin: 'publisher',
          })),
  };
}
