import { rename } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { openTextures } from '../../src/data/textures.js';
import { GauntletError } from '../../src/errors.js';
import type { CellResult, CorruptionPlan } from '../../src/evaluate/cell.js';
import { inlineExecutor } from '../../src/evaluate/inline.js';
import { runCell, runCells } from '../../src/evaluate/run.js';
import { validateResult } from '../../src/results/validate.js';
import { folderOf } from '../data/files.js';
import { plainPng } from '../data/png-file.js';
import { completed, untimed } from './completed.js';
import { built, corruptionOf, noise, planOf } from './corruption-plugins.js';
import { world, type World } from './world.js';

/** Paints the first photograph's first pixel all over the image. */
const painting = corruptionOf(
  'painting',
  ({ data }, _drawn, _parameters, { textures }) => data.fill(textures![0]!.data[0]!),
  {
    needs: 'frost-textures',
  },
);

const run = async (place: World, plan: CorruptionPlan): Promise<CellResult> =>
  (await runCell(place.spec(plan), place.options())).cell;
const reasonOf = (cell: CellResult) => (cell.status === 'completed' ? undefined : cell.reason);

describe('a corruption cell', () => {
  it('is right, wrong on both, or wrong on the corrupted image alone, and keeps no images', async () => {
    const place = await world({ corruptions: built });
    const { cell, witnesses } = await runCell(place.spec(noise), place.options());
    expect(witnesses).toBeNull();
    expect(validateResult('cell', cell, 'cell')).toMatchObject({
      status: 'completed',
      witnesses: null,
      stages: [],
    });
    if (cell.status !== 'completed') return;
    expect(new Set(cell.outcomes)).toEqual(new Set(['r', 'f', 'w']));
  });

  it('is the same, and so is the hash of its images, however many share the work', async () => {
    const place = await world({ corruptions: built });
    const { executor } = place.options();
    const cells = await Promise.all(
      [1, 3, 40].map(async (parallelism) => {
        const options = place.options({ executor: { ...executor, parallelism } });
        return (await runCell(place.spec(noise), options)).cell;
      }),
    );
    expect(untimed(cells[1])).toEqual(untimed(cells[0]));
    expect(untimed(cells[2])).toEqual(untimed(cells[0]));
  });

  it('has a hash of its images that depends on them alone: not on the model, but on seed and severity', async () => {
    const place = await world({ corruptions: built });
    const blind = await world({ corruptions: built }, { blind: true });
    const hashOf = async (where: World, plan: CorruptionPlan, seed = 0) => {
      const { cell } = await runCell(where.spec(plan, { seed }), where.options());
      return cell.status === 'completed' ? cell.contentHash : reasonOf(cell);
    };
    const hash = await hashOf(place, noise);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashOf(blind, noise)).toBe(hash);
    expect(await hashOf(place, noise, 1)).not.toBe(hash);
    expect(await hashOf(place, { ...noise, severity: 2 })).not.toBe(hash);
  });

  it('spends one clean pass per model, not one per cell', async () => {
    const place = await world({ corruptions: built });
    let passes = 0;
    const counting = {
      ...place.classifier,
      logits: (...given: Parameters<typeof place.classifier.logits>) => {
        passes++;
        return place.classifier.logits(...given);
      },
    };
    const services = { ...place.services, classifier: () => Promise.resolve(counting) };
    const specs = [0.1, 0.2, 0.3].map((sigma) =>
      place.spec({ ...noise, parameters: { sigma } }, { entry: `${sigma}` }),
    );
    const cells = await runCells(specs, place.options({ executor: inlineExecutor(services) }));
    expect(passes).toBe(1 + 3);
    const apart = await Promise.all(specs.map(async (spec) => (await runCell(spec, place.options())).cell));
    expect(cells.map(untimed)).toEqual(apart.map(untimed));
  });
});

describe('a corruption that fails', () => {
  const throwing = corruptionOf('throwing', () => {
    throw new Error('out of order');
  });
  const picky = corruptionOf('picky', () => {
    throw new GauntletError('CORRUPTION_SHAPE', 'picky needs three channels; the image has 1.');
  });
  const short = corruptionOf('short', ({ data }) => data.slice(1));
  const bright = corruptionOf('bright', ({ data }) => data.map((value) => value + 1));
  const nan = corruptionOf('nan', ({ data }) => data.map((value, i) => (i === 3 ? NaN : value)));

  it.each([
    [throwing, 'error', 'PLUGIN_FAILED', /throwing threw "out of order" for example 0/],
    [short, 'error', 'PLUGIN_FAILED', /short returned 15 values instead of 16 for example 0/],
    [bright, 'error', 'PLUGIN_FAILED', /bright returned the value 1\.\d+, outside \[0, 1\], for example 0/],
    [nan, 'error', 'PLUGIN_FAILED', /nan returned the value NaN/],
    [picky, 'not-applicable', 'CORRUPTION_SHAPE', /needs three channels; the image has 1/],
  ] as const)(
    'leaves a cell with the reason, and the others alone: %#',
    async (plugin, status, key, message) => {
      const place = await world({ corruptions: [...built, plugin] });
      const { id } = plugin.metadata;
      const specs = [place.spec(planOf(id), { entry: 'bad' }), place.spec(noise, { entry: 'good' })];
      const [bad, good] = await runCells(specs, place.options());
      expect(validateResult('cell', bad, 'cell')).toMatchObject({
        status,
        reason: { code: `GAUNTLET_E_${key}`, message: expect.stringMatching(message) as unknown },
      });
      expect(good!.status).toBe('completed');
    },
  );

  it('is not applicable to data that are not images', async () => {
    const place = await world({ corruptions: built });
    const dataset = {
      ...place.dataset,
      read: async (indices: readonly number[]) => ({ ...(await place.dataset.read(indices)), shape: [16] }),
    };
    const services = { ...place.services, dataset: () => Promise.resolve(dataset) };
    const { cell: flat } = await runCell(
      place.spec(noise),
      place.options({ executor: inlineExecutor(services) }),
    );
    expect(flat.status).toBe('not-applicable');
    expect(reasonOf(flat)?.message).toMatch(/need images.*\[16\]/);
  });
});

describe('a corruption that needs photographs', () => {
  const photographs = (level: number) => folderOf({ 'frost1.png': plainPng(1, 1, Uint8Array.of(level)) });

  it('without them is not applicable, and says which flag to give', async () => {
    const place = await world({ corruptions: [painting] });
    const cell = await run(place, planOf('painting'));
    expect(cell.status).toBe('not-applicable');
    expect(reasonOf(cell)).toEqual({
      code: 'GAUNTLET_E_FROST_TEXTURES',
      message: expect.stringContaining('--frost-textures DIR') as unknown,
    });
  });

  it('gets them, and the cell says which', async () => {
    const place = await world({
      corruptions: [painting, corruptionOf('grey', ({ data }) => data.fill(0.2))],
    });
    const { reference } = await openTextures(photographs(51));
    const painted = await completed(place, planOf('painting', { textures: reference }));
    expect(painted.plan).toMatchObject({ textures: reference });
    expect(painted.contentHash).toBe((await completed(place, planOf('grey'))).contentHash);
    expect(validateResult('cell', painted, 'cell')).toBe(painted);
  });

  it('is known by what is on them, not by where they lie', async () => {
    const place = await world({ corruptions: [painting] });
    const prints = await Promise.all(
      [51, 51, 52].map(async (level) => {
        const { reference } = await openTextures(photographs(level));
        return place.spec(planOf('painting', { textures: reference })).fingerprint;
      }),
    );
    expect(prints[1]).toBe(prints[0]);
    expect(prints[2]).not.toBe(prints[0]);
    expect(place.spec(planOf('painting')).fingerprint).not.toBe(prints[0]);
  });

  it('fails when they were taken away', async () => {
    const place = await world({ corruptions: [painting] });
    const folder = photographs(9);
    const textures = { folder: `${folder}-moved`, sha256: '0'.repeat(64) };
    expect((await run(place, planOf('painting', { textures }))).status).toBe('error');
    await rename(folder, textures.folder);
    expect(reasonOf(await run(place, planOf('painting', { textures })))?.message).toMatch(/have changed/);
  });
});
