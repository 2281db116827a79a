import { describe, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { unpack } from '../../src/pull/unpack.js';
import { failure, folderOf } from '../data/files.js';
import { tarFile, tarGzFile } from './packed.js';

type Kind = 'tar' | 'tar.gz' | 'zip';

/** Unpacks bytes in a fresh folder. */
async function unpacked(bytes: Uint8Array, kind: Kind): Promise<string> {
  const archive = join(folderOf({ packed: bytes }), 'packed');
  return unpack(archive, { kind, folder: 'set' });
}

const read = (folder: string): Record<string, string> =>
  Object.fromEntries(
    (readdirSync(folder, { recursive: true }) as string[])
      .filter((name) => /\.\w+$/.test(name))
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );

const large = Buffer.from('0123456789abcde'.repeat(20_000));
const text = (content: string): Buffer => Buffer.from(content);
const entries = [
  { name: 'set/', type: '5' },
  { name: 'set/a.txt', content: text('one') },
  { name: 'set/deep/er/b.txt', content: large },
  { name: 'set/empty.txt' },
];
const expected = { 'a.txt': 'one', 'deep/er/b.txt': large.toString(), 'empty.txt': '' };

/** Cases that need GNU tar, which not every machine has. */
const gnuTar = String(spawnSync('tar', ['--version']).stdout).includes('GNU tar');

describe('unpacking', () => {
  it.each([
    ['tar', tarFile(entries)],
    ['tar.gz', tarGzFile(entries)],
    ['zip', zipSync({ 'set/a.txt': text('one'), 'set/deep/er/b.txt': large, 'set/empty.txt': text('') })],
  ] as const)('a %s gives its files, and nothing but its folder', async (kind, bytes) => {
    const folder = await unpacked(bytes, kind);
    expect(read(folder)).toEqual(expected);
    expect(readdirSync(dirname(folder)).sort()).toEqual(['packed', 'set']);
  });

  (gnuTar ? it : it.skip)('reads what the tar program writes, long names too', async () => {
    const source = folderOf({});
    const long = `${'long-'.repeat(30)}name.txt`;
    mkdirSync(join(source, 'set', 'd'.repeat(120)), { recursive: true });
    writeFileSync(join(source, 'set', 'a.txt'), large);
    writeFileSync(join(source, 'set', 'd'.repeat(120), long), 'far away');
    for (const format of ['gnu', 'posix']) {
      execFileSync('tar', ['-C', source, `--format=${format}`, '-czf', join(source, `${format}.tgz`), 'set']);
      const folder = await unpacked(readFileSync(join(source, `${format}.tgz`)), 'tar.gz');
      expect(read(folder)).toEqual({ 'a.txt': large.toString(), [`${'d'.repeat(120)}/${long}`]: 'far away' });
    }
  });

  it('joins the two parts of a name that a header may have', async () => {
    const folder = await unpacked(
      tarFile([{ prefix: 'set/deep', name: 'a.txt', content: text('x') }]),
      'tar',
    );
    expect(read(folder)).toEqual({ 'deep/a.txt': 'x' });
  });

  const whole = tarFile(entries);
  const zip = zipSync({ 'set/b.txt': large });
  it.each([
    ['a tar that ends inside a file', 'tar', whole.subarray(0, 2000), 'truncated'],
    ['a tar without its end', 'tar', whole.subarray(0, -1024), 'truncated'],
    ['a tar with a damaged header', 'tar', Buffer.from(whole).fill(1, 512, 520), 'checksum'],
    ['a gzip stream that is cut short', 'tar.gz', tarGzFile(entries).subarray(0, -30), 'gzip'],
    ['something that is no gzip', 'tar.gz', text('hello'), 'gzip'],
    ['a link', 'tar', tarFile([{ name: 'set/link', type: '2' }]), 'link'],
    [
      'a name that climbs out',
      'tar',
      tarFile([{ name: 'set/../../evil.txt', content: text('x') }]),
      'leads out',
    ],
    ['a name from the root', 'tar', tarFile([{ name: '/evil.txt', content: text('x') }]), 'leads out'],
    ['a zip name that climbs out', 'zip', zipSync({ '../evil.txt': text('x') }), 'leads out'],
    ['a zip that is cut short', 'zip', zip.subarray(0, zip.length >> 1), 'zip'],
    ['something that is no zip', 'zip', text('hello'), 'no files'],
    ['another folder than the one wanted', 'tar', tarFile([{ name: 'other/a.txt' }]), 'no folder set'],
  ] as [string, Kind, Buffer, string][])(
    '%s is refused, and nothing is left of it',
    async (_, kind, bytes, part) => {
      const archive = join(folderOf({ packed: bytes }), 'packed');
      await expect(unpack(archive, { kind, folder: 'set' })).rejects.toEqual(failure('DATA_INVALID', part));
      expect(readdirSync(dirname(archive))).toEqual(['packed']);
      expect(existsSync(join(dirname(dirname(archive)), 'evil.txt'))).toBe(false);
    },
  );
});
