import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf } from '../data/files.js';
import { fixtures } from '../fixtures/external.js';
import { announce, localServer, requests } from '../pull/server.js';
import { cli } from './cli.js';

const names = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'];
const genuine = (name: string): Buffer => readFileSync(join(fixtures!, 'data/mnist', name));
const onFixtures = fixtures === undefined ? describe.skip : describe;

onFixtures('the genuine MNIST from a server that breaks off (skipped without GAUNTLET_FIXTURES)', () => {
  const address = localServer(
    Object.fromEntries(
      names.map((name) => [
        `/mnist/${name}-ubyte.gz`,
        (_request, response, from) => {
          const content = genuine(`${name}-ubyte.gz`);
          if (!announce(response, from, content)) return;
          const piece = content.subarray(from, from + 4_000_000);
          if (from + piece.length === content.length) response.end(piece);
          else response.write(piece, () => setTimeout(() => response.destroy(), 100));
        },
      ]),
    ),
  );

  it('arrives whole, is genuine, and can be used', async () => {
    const dataDir = folderOf({});
    const args = ['--data-dir', dataDir, '--json', '--no-config'];
    const pulled = await cli(['data', 'pull', 'mnist', '--mirror', address(), ...args]);
    expect(pulled.status).toBe(0);
    const { files } = JSON.parse(pulled.stdout) as { files: { status: string; verified: boolean }[] };
    expect(files.map(({ status, verified }) => [status, verified])).toEqual(
      names.map(() => ['downloaded', true]),
    );
    expect(requests.filter(({ range }) => range !== undefined).length).toBeGreaterThanOrEqual(2);
    expect(pulled.stderr).toContain('trying again');

    const verified = await cli(['data', 'verify', 'mnist', ...args]);
    expect(verified.stdout.match(/"genuine"/g)).toHaveLength(4);
    const again = await cli(['data', 'pull', 'mnist', '--mirror', address(), ...args]);
    expect(again.stdout.match(/"present"/g)).toHaveLength(4);
  });
});

onFixtures('the fixtures (skipped without GAUNTLET_FIXTURES)', () => {
  it('hold genuine files only, as far as anyone knows', async () => {
    const dataDir = join(fixtures!, 'data');
    const { status, stdout } = await cli(['data', 'verify', '--json', '--data-dir', dataDir]);
    expect(status).toBe(0);
    const { sets } = JSON.parse(stdout) as { sets: { id: string; files: { verdict: string }[] }[] };
    expect(sets.map(({ id, files }) => [id, ...new Set(files.map(({ verdict }) => verdict))])).toEqual([
      ['mnist', 'genuine'],
      ['fashion-mnist', 'genuine'],
      ['cifar10', 'genuine'],
      ['gtsrb', 'unknown'],
    ]);
  });
});
