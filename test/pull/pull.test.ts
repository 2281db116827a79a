import { beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pullSets, type PullOptions, type PullRequest } from '../../src/pull/pull.js';
import { remoteSets, type RemoteFile, type RemoteSets } from '../../src/pull/sources.js';
import { failure, folderOf } from '../data/files.js';
import { tarFile } from './packed.js';
import { CONTENT, hashOf, localServer, requests, serves } from './server.js';

const tar = tarFile([{ name: 'digits/images.npy', content: Buffer.from('pictures') }]);
const address = localServer({
  '/mirror/plain/one.gz': serves(),
  '/mirror/plain/two.gz': serves(),
  '/mirror/packed/digits.tar': serves(tar),
  '/mirror/secret/nobody-knows.gz': serves(),
});

const file = (name: string, content: Uint8Array | null, more: Partial<RemoteFile> = {}): RemoteFile => ({
  name,
  urls: [`http://127.0.0.1:9/${name}`],
  bytes: null,
  hashes:
    content === null ? [] : [{ algorithm: 'sha256', hex: hashOf('sha256', content), origin: 'publisher' }],
  ...more,
});
const sets: RemoteSets = {
  plain: [file('one.gz', CONTENT), file('two.gz', CONTENT)],
  packed: [file('digits.tar', tar, { unpack: { kind: 'tar', folder: 'digits' } })],
  secret: [file('nobody-knows.gz', null)],
};

let dataDir: string;
beforeEach(() => {
  dataDir = join(folderOf({}), 'data');
  requests.length = 0;
});

const pull = (
  ids: string[],
  request: Partial<PullRequest> = {},
  options: Partial<PullOptions> = {},
): ReturnType<typeof pullSets> =>
  pullSets(
    { ids, dataDir, mirror: `${address()}/mirror/`, ...request },
    { signal: new AbortController().signal, sets, attempts: 1, pause: 1, ...options },
  );

describe('pulling data sets', () => {
  it('takes every file from the mirror, into a folder called after the set', async () => {
    const shares: number[] = [];
    const pulled = await pull(['plain'], {}, { onProgress: (fraction) => shares.push(fraction) });
    expect(pulled.map(({ path, status, verified }) => [path, status, verified])).toEqual([
      [join(dataDir, 'plain', 'one.gz'), 'downloaded', true],
      [join(dataDir, 'plain', 'two.gz'), 'downloaded', true],
    ]);
    expect(pulled[0]!.sha256).toBe(hashOf('sha256', CONTENT));
    expect(requests.map(({ path }) => path)).toEqual(['/mirror/plain/one.gz', '/mirror/plain/two.gz']);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    expect((await pull(['plain'])).map(({ status }) => status)).toEqual(['present', 'present']);
  });

  it('unpacks what is packed and then needs it no more', async () => {
    const [digits] = await pull(['packed']);
    expect(digits).toMatchObject({
      path: join(dataDir, 'packed/digits'),
      status: 'unpacked',
      verified: true,
    });
    expect(readFileSync(join(dataDir, 'packed/digits/images.npy'), 'utf8')).toBe('pictures');
    expect(existsSync(join(dataDir, 'packed/digits.tar'))).toBe(false);
    requests.length = 0;
    expect((await pull(['packed']))[0]).toMatchObject({ status: 'present', verified: false, sha256: null });
    expect(requests).toEqual([]);
  });

  it('keeps what is packed when told to', async () => {
    await pull(['packed'], { keepPacked: true });
    expect(readFileSync(join(dataDir, 'packed/digits.tar'))).toEqual(tar);
  });

  it('takes a file that no hash is known of only when told to', async () => {
    await expect(pull(['plain', 'secret'])).rejects.toMatchObject({
      key: 'USAGE',
      message: expect.stringContaining('nobody-knows.gz'),
      help: expect.stringContaining('--unverified'),
    });
    expect(requests).toEqual([]);
    const [secret] = await pull(['secret'], { unverified: true });
    expect(secret).toMatchObject({
      status: 'downloaded',
      verified: false,
      sha256: hashOf('sha256', CONTENT),
    });
  });

  it('refuses sets it does not know, sets that are nowhere, and mirrors that are no address', async () => {
    await expect(pull(['plian'])).rejects.toEqual(
      failure('UNKNOWN_DATASET', 'plian', 'did you mean "plain"'),
    );
    await expect(pull(['constructor'])).rejects.toEqual(failure('UNKNOWN_DATASET', 'constructor'));
    await expect(pull(['gtsrb'])).rejects.toMatchObject({
      key: 'DATA_NOT_FOUND',
      help: expect.stringContaining('Test.csv'),
    });
    for (const mirror of ['ftp://a.b', 'mirror', 'http://']) {
      await expect(pull(['plain'], { mirror })).rejects.toEqual(failure('USAGE', 'address', mirror));
    }
  });
});

describe('the files that can be pulled', () => {
  const files = Object.entries(remoteSets).flatMap(([id, list]) => list.map((entry) => ({ id, ...entry })));

  it.each(files)(
    '$id: $name has well-formed addresses, hashes and an MD5 of its publisher',
    ({ urls, hashes, name }) => {
      expect(urls.length).toBeGreaterThan(0);
      for (const url of urls) expect(new URL(url).pathname.endsWith(name)).toBe(true);
      for (const { algorithm, hex } of hashes)
        expect(hex).toMatch(algorithm === 'md5' ? /^[\da-f]{32}$/ : /^[\da-f]{64}$/);
      expect(hashes).toContainEqual(expect.objectContaining({ algorithm: 'md5', origin: 'publisher' }));
    },
  );
});
