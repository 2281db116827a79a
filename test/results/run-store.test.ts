import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeFileAtomic } from '../../src/results/atomic-file.js';
import type { DamagedFile } from '../../src/results/layout.js';
import { readRun } from '../../src/results/read-run.js';
import { openRunStore } from '../../src/results/store.js';
import { writeError } from '../../src/results/write-error.js';
import { completed, exampleRun, failed, witnessBytes } from './example-run.js';

const { specs, manifest, cells } = await exampleRun();
const [spec, , contrast] = [specs[0]!, specs[1]!, specs[2]!];
const cell = completed(spec, 'rrrrrrfffw');
const wanted = { fingerprint: spec.fingerprint, model: 'first', entry: 'pgd-linf' };
const CELL = 'cells/first--pgd-linf.json';
const WITNESSES = 'witnesses/first--pgd-linf.npz';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gauntlet-store-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a run folder', () => {
  it('holds run.json, cells, witnesses and leaderboard, and reads back what was written', async () => {
    const store = await openRunStore(join(folder, 'deep', 'run'));
    await store.writeManifest(manifest);
    for (const [i, each] of cells.entries()) {
      const hasWitnesses = each.status === 'completed' && each.witnesses !== null;
      await store.save(each, hasWitnesses ? witnessBytes(specs[i]!) : null);
    }
    const run = await readRun(store.folder);
    expect(run.manifest).toEqual(manifest);
    expect(run.damaged).toEqual([]);
    expect(run.cells).toHaveLength(cells.length);
    expect(new Set(run.cells.map((each) => each.fingerprint))).toEqual(
      new Set(specs.map((each) => each.fingerprint)),
    );
    expect((await readdir(join(store.folder, 'witnesses'))).sort()).toEqual([
      'first--curve.npz',
      'first--pgd-linf.npz',
      'second--curve.npz',
      'second--pgd-linf.npz',
    ]);
  });

  it('gets the same bytes for the same cell, whatever the order of its properties', async () => {
    const store = await openRunStore(folder);
    await store.save(cell, witnessBytes(spec));
    const first = await readFile(join(folder, CELL));
    const shuffled = Object.fromEntries(Object.entries(cell).toReversed()) as unknown as typeof cell;
    await store.save(shuffled, witnessBytes(spec));
    expect(await readFile(join(folder, CELL))).toEqual(first);
  });

  it('refuses a cell that breaks the schema and keeps the one it has', async () => {
    const store = await openRunStore(folder);
    await store.save(cell, witnessBytes(spec));
    await expect(store.save({ ...cell, invalid: 3 }, null)).rejects.toMatchObject({ key: 'RESULT_INVALID' });
    expect(await store.finishedCell(wanted)).toEqual({ state: 'finished', cell });
  });

  it('is not a run without run.json', async () => {
    await expect(readRun(folder)).rejects.toMatchObject({ key: 'RUN_NOT_FOUND' });
    await writeFile(join(folder, 'run.json'), '{}');
    await expect(readRun(folder)).rejects.toMatchObject({ key: 'RESULT_INVALID' });
  });

  it('loses results on clear, and nothing else', async () => {
    const store = await openRunStore(folder);
    await store.save(cell, witnessBytes(spec));
    await writeFile(join(folder, 'mine.txt'), '');
    await store.clear();
    expect(await store.finishedCell(wanted)).toEqual({ state: 'absent' });
    expect((await readdir(folder)).sort()).toEqual(['cells', 'mine.txt', 'witnesses']);
    await store.save(cell, witnessBytes(spec));
    expect((await store.finishedCell(wanted)).state).toBe('finished');
  });
});

describe('resuming', () => {
  it('finds a finished cell', async () => {
    const store = await openRunStore(folder);
    await store.save(cell, witnessBytes(spec));
    expect(await store.finished(spec)).toEqual(cell);
  });

  it.each([
    ['another fingerprint', { ...spec, fingerprint: 'f'.repeat(64) }],
    ['another entry', contrast],
  ])('does not take a cell of %s', async (_what, other) => {
    const store = await openRunStore(folder);
    await store.save(cell, witnessBytes(spec));
    expect(await store.finished(other)).toBeNull();
  });

  it('tries a failed cell again, and drops the witnesses of before', async () => {
    const store = await openRunStore(folder);
    await store.save(cell, witnessBytes(spec));
    await store.save(failed(spec), null);
    expect(await store.finishedCell(wanted)).toEqual({ state: 'outdated' });
    expect(existsSync(join(folder, WITNESSES))).toBe(false);
  });

  it.each<[string, (text: string) => Promise<void>]>([
    ['a cell cut off', (text) => writeFile(join(folder, CELL), text.slice(0, 500))],
    ['an empty cell', () => writeFile(join(folder, CELL), '')],
    [
      'a cell with an edited count',
      (text) => writeFile(join(folder, CELL), text.replace(/"correct": 6/, '"correct": 7')),
    ],
    ['a missing witness file', () => rm(join(folder, WITNESSES))],
    ['another witness file', () => writeFile(join(folder, WITNESSES), 'other bytes')],
  ])('computes %s again and says so', async (_what, damage) => {
    const damaged: DamagedFile[] = [];
    const store = await openRunStore(folder, (file) => damaged.push(file));
    await store.save(cell, witnessBytes(spec));
    await damage(await readFile(join(folder, CELL), 'utf8'));
    expect(await store.finished(spec)).toBeNull();
    expect(damaged).toEqual([{ file: join(folder, CELL), reason: expect.stringMatching(/\S/) }]);
  });

  it('reports damaged cells when the run is read, and reads the others', async () => {
    const store = await openRunStore(folder);
    await store.writeManifest(manifest);
    await store.save(cell, witnessBytes(spec));
    await writeFile(join(folder, 'cells', 'second--curve.json'), '{"status": "completed"');
    const run = await readRun(folder);
    expect(run.cells).toEqual([cell]);
    expect(run.damaged.map(({ file }) => file)).toEqual([join(folder, 'cells', 'second--curve.json')]);
  });

  it('removes what a killed run left half written, only when opened for writing', async () => {
    const store = await openRunStore(folder);
    await store.writeManifest(manifest);
    const stale = join(folder, 'cells', '.first--pgd-linf.json.99-1.tmp');
    await writeFile(stale, '{');
    expect((await readRun(folder)).damaged).toEqual([]);
    expect(existsSync(stale)).toBe(true);
    await openRunStore(folder);
    expect(existsSync(stale)).toBe(false);
  });
});

describe('writing where it is not possible', () => {
  const unwritable = { key: 'OUTPUT_UNWRITABLE' };

  it('below a file is an unwritable output', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(openRunStore(join(folder, 'file', 'run'))).rejects.toMatchObject(unwritable);
    await expect(openRunStore(join(folder, 'file'))).rejects.toMatchObject(unwritable);
  });

  it('over a folder is an unwritable output, and leaves no temporary file', async () => {
    await mkdir(join(folder, 'leaderboard.json', 'inside'), { recursive: true });
    await expect(writeFileAtomic(join(folder, 'leaderboard.json'), 'x')).rejects.toMatchObject(unwritable);
    expect(await readdir(folder)).toEqual(['leaderboard.json']);
  });

  // Root may write anywhere.
  (process.getuid?.() === 0 ? it.skip : it)('without permission is an unwritable output', async () => {
    await chmod(folder, 0o500);
    await expect(openRunStore(join(folder, 'run'))).rejects.toMatchObject(unwritable);
    await chmod(folder, 0o700);
  });

  it('below a dangling link is an unwritable output', async () => {
    await symlink(join(folder, 'nowhere', 'deep'), join(folder, 'link'));
    await expect(openRunStore(join(folder, 'link'))).rejects.toMatchObject(unwritable);
  });

  (existsSync('/dev/full') ? it : it.skip)('on a full disk is a full disk', async () => {
    const refusal: unknown = await writeFile('/dev/full', 'x').catch((error: unknown) => error);
    expect(writeError(refusal, '/dev/full')).toMatchObject({ key: 'DISK_FULL', exitCode: 3 });
  });

  it('passes a defect of the program through', () => {
    const defect = new TypeError('x is not a function');
    expect(writeError(defect, 'file')).toBe(defect);
  });

  it('refuses a model name that would leave the folder', async () => {
    const store = await openRunStore(folder);
    const escaping = { ...cell, model: { ...cell.model, id: '../../x' } };
    await expect(store.save(escaping, null)).rejects.toMatchObject(unwritable);
  });
});
