import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, tinyIdx, treeOf } from '../data/files.js';
import { localServer, requests, serves } from '../pull/server.js';
import { cli } from './cli.js';

const address = localServer({ '/cifar10/cifar-10-binary.tar.gz': serves() });
const tiny = Object.fromEntries(
  Object.entries(tinyIdx).map(([name, file]) => [`fashion-mnist/${name}`, file]),
);

describe('gauntlet data', () => {
  it('list prints what there is', async () => {
    const { status, stdout, stderr } = await cli(['data', 'list', '--json', '--data-dir', treeOf(tiny)]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { sets } = JSON.parse(stdout) as { sets: { id: string; available: boolean }[] };
    expect(sets.filter(({ available }) => available).map(({ id }) => id)).toEqual(['mnist', 'fashion-mnist']);
    expect(sets.map(({ id }) => id)).toContain('cifar10-c');
  });

  it('verify prints every file, and fails when one is not genuine', async () => {
    const dataDir = treeOf(tiny);
    const { status, stdout, stderr } = await cli(['data', 'verify', 'fashion-mnist', '--data-dir', dataDir]);
    expect(status).toBe(3);
    expect(stdout).toMatch(/^t10k-images-idx3-ubyte .*differs +[\da-f]{64}/m);
    expect(stderr).toMatch(/GAUNTLET_E_DATA_DIFFERS: Not genuine: t10k-images-idx3-ubyte of fashion-mnist, /);
  });

  it('pull takes files from the mirror of the environment, and keeps none that is not genuine', async () => {
    const dataDir = join(folderOf({}), 'data');
    const env = { GAUNTLET_MIRROR: address() };
    const { status, stdout, stderr } = await cli(['data', 'pull', 'cifar10', '--data-dir', dataDir], { env });
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(
      /GAUNTLET_E_DATA_DIFFERS: cifar-10-binary\.tar\.gz .*c32a1d4ab5d03f1284b67883e8d87530/,
    );
    expect(requests.map(({ path }) => path)).toEqual(['/cifar10/cifar-10-binary.tar.gz']);
    expect(readdirSync(join(dataDir, 'cifar10'))).toEqual([]);
  });
});
