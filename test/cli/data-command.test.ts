import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runDataCommand, type DataArguments } from '../../src/cli/data-command.js';
import { renderInventory, renderPulled, renderVerified } from '../../src/cli/render/data.js';
import { failure, folderOf } from '../data/files.js';
import { localServer, requests, serves } from '../pull/server.js';

const { GAUNTLET_DATA, GAUNTLET_MIRROR } = process.env;
beforeEach(() => {
  requests.length = 0;
  delete process.env.GAUNTLET_DATA;
  delete process.env.GAUNTLET_MIRROR;
});
afterEach(() => {
  if (GAUNTLET_DATA !== undefined) process.env.GAUNTLET_DATA = GAUNTLET_DATA;
  if (GAUNTLET_MIRROR !== undefined) process.env.GAUNTLET_MIRROR = GAUNTLET_MIRROR;
});

const address = localServer(
  Object.fromEntries(
    ['flag', 'environment', 'file'].map((name) => [`/${name}/cifar10/cifar-10-binary.tar.gz`, serves()]),
  ),
);

/** A folder with a configuration that says where data are and which mirror has them. */
function configured(): string {
  const folder = folderOf({});
  const config = join(folder, 'gauntlet.config.json');
  writeFileSync(config, JSON.stringify({ dataDir: 'data', mirror: `${address()}/file` }));
  return config;
}

const run = (action: DataArguments['action'], more: Partial<DataArguments> = {}): Promise<void> =>
  runDataCommand({ action, unverified: false, 'keep-packed': false, json: true, ...more });

describe('gauntlet data', () => {
  it.each([
    ['pull without a data set', 'pull', {}, 'Say what to pull'],
    ['pull without a folder', 'pull', { ids: ['mnist'], config: false }, 'Say where to put'],
    ['a mirror that is no address', 'pull', { ids: ['mnist'], mirror: 'here', 'data-dir': 'x' }, '"here"'],
    ['list with ids', 'list', { ids: ['mnist'] }, 'takes no ids'],
  ] as [string, DataArguments['action'], object, string][])(
    '%s is wrong usage',
    async (_, action, more, message) => {
      await expect(run(action, more)).rejects.toEqual(failure('USAGE', message));
      expect(requests).toEqual([]);
    },
  );

  it('does not take an empty GAUNTLET_DATA for a folder', async () => {
    process.env.GAUNTLET_DATA = '';
    await expect(run('pull', { ids: ['mnist'], config: false })).rejects.toEqual(
      failure('USAGE', 'Say where'),
    );
  });

  it('takes the mirror of the flag, else of GAUNTLET_MIRROR, else of the configuration', async () => {
    const pull = (more: Partial<DataArguments>): Promise<void> => run('pull', { ids: ['cifar10'], ...more });
    const config = configured();
    await expect(pull({ config })).rejects.toEqual(failure('DATA_DIFFERS'));
    process.env.GAUNTLET_MIRROR = `${address()}/environment`;
    await expect(pull({ config })).rejects.toEqual(failure('DATA_DIFFERS'));
    await expect(pull({ config, mirror: `${address()}/flag` })).rejects.toEqual(failure('DATA_DIFFERS'));
    expect(requests.map(({ path }) => path.split('/')[1])).toEqual(['file', 'environment', 'flag']);
  });
});

describe('what gauntlet data prints', () => {
  it('gives sizes in units that fit', () => {
    const item = { id: 'x', title: 'X', kind: 'images' as const, available: true, where: '/x' };
    const sizes = [0, 1, 1023, 1024, 3_500_000, 2_918_471_680].map((bytes) =>
      renderInventory([{ ...item, bytes, download: null }])
        .split('\n')
        .at(-1)!
        .replace(/^x +X +\/x +/, ''),
    );
    expect(sizes.map((line) => line.replace(/ +-$/, ''))).toEqual([
      '0 B',
      '1 B',
      '1023 B',
      '1.0 KiB',
      '3.3 MiB',
      '2.7 GiB',
    ]);
  });

  it('says where hashes are from, and what was held against none', () => {
    const file = { file: 'a', bytes: 1, sha256: 'f00', verdict: 'genuine' as const };
    const verified = renderVerified([
      {
        id: 'x',
        folder: '/x',
        files: [
          { ...file, origin: 'reported' },
          { ...file, verdict: 'unknown', origin: null },
        ],
      },
    ]);
    expect(verified).toMatch(/genuine +f00 +hash as others report it\n.*unknown +f00 +no hash is known/);
    expect(renderVerified([])).toBe('no data set is here');
    const pulled = { id: 'x', path: '/x/a', status: 'downloaded' as const, bytes: 2048, sha256: 'f00' };
    expect(
      renderPulled([
        { ...pulled, verified: true },
        { ...pulled, verified: false },
      ]),
    ).toBe(
      'x: downloaded /x/a (2.0 KiB, hash as expected)\nx: downloaded /x/a (2.0 KiB, not held against any hash)',
    );
  });
});
