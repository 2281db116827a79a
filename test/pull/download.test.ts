import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { download, type DownloadOptions } from '../../src/pull/download.js';
import type { RemoteFile } from '../../src/pull/sources.js';
import { announce, CONTENT, hashOf, localServer, remote, requests, serves } from './server.js';

const other = Buffer.from(CONTENT.map((byte) => byte ^ 1));
let unwell = 0;

/** Breaks the connection when the bytes have had the time to arrive. */
function sendAndBreak(response: ServerResponse, bytes: Uint8Array, wait = 30): void {
  response.write(bytes, () => setTimeout(() => response.destroy(), wait));
}

const address = localServer({
  '/good': serves(),
  '/other': serves(other),
  '/slow': (_request, response, from) => {
    if (!announce(response, from)) return;
    let at = from;
    const timer = setInterval(() => {
      response.write(CONTENT.subarray(at, at + 4000));
      at += 4000;
      if (at < CONTENT.length) return;
      clearInterval(timer);
      response.end();
    }, 15);
  },
  // Breaks the connection after 3000 bytes, every time.
  '/cut': (_request, response, from) => {
    if (!announce(response, from)) return;
    const piece = CONTENT.subarray(from, from + 3000);
    if (from + 3000 < CONTENT.length) sendAndBreak(response, piece);
    else response.end(piece);
  },
  '/no-ranges': (_request, response) => {
    response.writeHead(200, { 'content-length': CONTENT.length }).end(CONTENT);
  },
  '/no-ranges-cut': (_request, response) => {
    response.writeHead(200, { 'content-length': CONTENT.length });
    sendAndBreak(response, CONTENT.subarray(0, 3000), 150);
  },
  '/other-range': (_request, response, from) => {
    const headers = { 'content-range': `bytes 0-${CONTENT.length - 1}/${CONTENT.length}` };
    response.writeHead(from > 0 ? 206 : 200, headers).end(CONTENT);
  },
  '/silent': (_request, response, from) => {
    if (!announce(response, from)) return;
    response.write(CONTENT.subarray(from, from + 10_000));
    if (from >= 10_000) response.end();
  },
  '/unwell': (request, response, from) => {
    if (unwell-- > 0) response.writeHead(503).end();
    else serves()(request, response, from);
  },
});

let folder: string;
let path: string;
let notes: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauntlet-pull-'));
  path = join(folder, 'set', 'file.bin');
  notes = [];
  requests.length = 0;
});

const get = (file: RemoteFile, options: Partial<DownloadOptions> = {}): ReturnType<typeof download> =>
  download(file, path, {
    signal: new AbortController().signal,
    onNote: (line) => notes.push(line),
    ...{ attempts: 3, pause: 1, stall: 2000 },
    ...options,
  });
const from = (...names: string[]): RemoteFile => remote(names.map((name) => address() + name));
const left = (): string[] => (existsSync(dirname(path)) ? readdirSync(dirname(path)).sort() : []);

describe('a download', () => {
  it('is checked and called by its name only when whole', async () => {
    const progress: [number, number | null][] = [];
    const seen: string[][] = [];
    const result = await get(from('/slow'), {
      onBytes: (received, total) => {
        progress.push([received, total]);
        seen.push(left());
      },
    });
    expect(result).toEqual({
      path,
      status: 'downloaded',
      bytes: CONTENT.length,
      md5: hashOf('md5', CONTENT),
      sha256: hashOf('sha256', CONTENT),
    });
    expect(readFileSync(path)).toEqual(CONTENT);
    expect(progress.at(-1)).toEqual([CONTENT.length, CONTENT.length]);
    expect(progress.length).toBeGreaterThan(1);
    expect(new Set(seen.flat())).toEqual(new Set(['file.bin.part']));
    expect(left()).toEqual(['file.bin']);
  });

  it('goes on with a partial file where it ends', async () => {
    await expect(get(from('/missing'))).rejects.toThrow();
    writeFileSync(`${path}.part`, CONTENT.subarray(0, 12_345));
    await get(from('/good'));
    expect(requests.at(-1)).toEqual({ path: '/good', range: 'bytes=12345-' });
    expect(readFileSync(path)).toEqual(CONTENT);
  });

  it('goes on after every broken connection, as long as something arrives', async () => {
    await get(from('/cut'));
    expect(readFileSync(path)).toEqual(CONTENT);
    // Bytes on their way when the connection breaks may be lost and asked for again.
    const starts = requests.map(({ range }) => Number(/\d+/.exec(range ?? '0')));
    expect(starts).toEqual([...starts].sort((one, two) => one - two));
    expect(new Set(starts)).toEqual(new Set([0, 3000, 6000, 9000, 12_000, 15_000, 18_000]));
    expect(notes.length).toBe(requests.length - 1);
    expect(notes[0]).toMatch(/^file\.bin: .*trying again$/);
  });

  it('starts anew where the server ignores ranges, or answers with another one', async () => {
    for (const server of ['/no-ranges', '/other-range']) {
      path = join(folder, server, 'file.bin');
      await expect(get(from('/missing'))).rejects.toThrow();
      writeFileSync(`${path}.part`, CONTENT.subarray(0, 5000));
      await get(from(server));
      expect(readFileSync(path)).toEqual(CONTENT);
    }
  });

  it('gives up after as many attempts as brought nothing, and keeps what it has', async () => {
    await expect(get(from('/no-ranges-cut'))).rejects.toMatchObject({
      key: 'DOWNLOAD_FAILED',
      message: expect.stringMatching(/no-ranges-cut: .* 3000 bytes are kept in .*file\.bin\.part/),
    });
    expect(requests).toHaveLength(4);
    expect(left()).toEqual(['file.bin.part']);
  });

  it('gives up a connection that has gone silent', async () => {
    const watched: number[] = [];
    await get(from('/silent'), { stall: 150, onBytes: (received) => watched.push(received) });
    expect(readFileSync(path)).toEqual(CONTENT);
    expect(requests.map(({ range }) => range)).toEqual([undefined, 'bytes=10000-']);
    expect(notes.join()).toContain('no data for 0.15 s');
  });

  it('waits for a server that is unwell', async () => {
    unwell = 2;
    await get(from('/unwell'));
    expect(requests).toHaveLength(3);
    expect(notes[0]).toContain('503');
  });

  it('is taken from the next address where a server does not have it', async () => {
    await get(from('/missing', '/good'));
    expect(requests.map((request) => request.path)).toEqual(['/missing', '/good']);
    expect(notes).toEqual([
      expect.stringMatching(/missing: the server answered 404 Not Found; trying elsewhere/),
    ]);
  });

  it('that no server has fails with what each of them said', async () => {
    await expect(get(from('/missing', '/gone'))).rejects.toMatchObject({
      key: 'DOWNLOAD_FAILED',
      message: expect.stringMatching(/missing: .*404.*; .*gone: .*404/),
    });
    expect(requests).toHaveLength(2);
    await expect(get(remote(['http://127.0.0.1:9/file.bin']), { attempts: 1 })).rejects.toMatchObject({
      key: 'DOWNLOAD_FAILED',
    });
    expect(left()).toEqual([]);
  });

  it('of wrong bytes is refused with both hashes, and nothing of it is kept', async () => {
    await expect(get(from('/other'))).rejects.toMatchObject({
      key: 'DATA_DIFFERS',
      message: expect.stringMatching(
        new RegExp(`MD5 is ${hashOf('md5', other)}, expected ${hashOf('md5', CONTENT)}`),
      ),
    });
    expect(left()).toEqual([]);
  });

  it('is held against every hash that is known', async () => {
    const file = from('/good');
    const [md5, sha256] = file.hashes;
    const wrong = { ...file, hashes: [md5!, { ...sha256!, hex: hashOf('sha256', other) }] };
    await expect(get(wrong)).rejects.toMatchObject({
      key: 'DATA_DIFFERS',
      message: expect.stringContaining('SHA-256'),
    });
  });

  it.each([
    ['the beginning of something else', other.subarray(0, 7000)],
    ['the whole of something else', other],
    ['longer than the file', Buffer.concat([CONTENT, CONTENT])],
  ])('starts anew where the partial file is %s', async (_, bytes) => {
    await expect(get(from('/missing'))).rejects.toThrow();
    writeFileSync(`${path}.part`, bytes);
    await get(from('/good'));
    expect(readFileSync(path)).toEqual(CONTENT);
    expect(left()).toEqual(['file.bin']);
  });

  it('needs no byte more where the partial file is whole', async () => {
    await expect(get(from('/missing'))).rejects.toThrow();
    writeFileSync(`${path}.part`, CONTENT);
    const received: number[] = [];
    await get(from('/good'), { onBytes: (bytes) => received.push(bytes) });
    expect(received).toEqual([]);
    expect(readFileSync(path)).toEqual(CONTENT);
  });

  it('asks no server for a file that is there, and leaves alone one that is in the way', async () => {
    await get(from('/good'));
    requests.length = 0;
    expect((await get(from('/good'))).status).toBe('present');
    expect(requests).toEqual([]);
    writeFileSync(path, 'my own work');
    await expect(get(from('/good'))).rejects.toMatchObject({ key: 'FILE_EXISTS' });
    expect(readFileSync(path, 'utf8')).toBe('my own work');
  });

  it('that is interrupted keeps what it has and ends with the reason', async () => {
    const controller = new AbortController();
    const reason = new Error('stopped by the user');
    const interrupted = get(from('/slow'), {
      signal: controller.signal,
      onBytes: () => controller.abort(reason),
    });
    await expect(interrupted).rejects.toBe(reason);
    expect(left()).toEqual(['file.bin.part']);
    await get(from('/good'));
    expect(readFileSync(path)).toEqual(CONTENT);
  });

  it('into a folder that cannot be written says so', async () => {
    writeFileSync(join(folder, 'set'), 'a file');
    await expect(get(from('/good'))).rejects.toMatchObject({ key: 'OUTPUT_UNWRITABLE' });
  });
});
