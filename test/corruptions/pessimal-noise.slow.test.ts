import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pessimalNoise from '../../corruptions/pessimal_noise.js';
import { parseNpy } from '../../src/data/npy.js';
import type { CorruptionSetting, Image } from '../../src/plugin/corruption.js';
import { fixtures } from '../fixtures/external.js';
import { drawnOfMnist } from './drawn-mnist.js';
import { levels } from './images.js';

/**
 * The reference's own output (corruptions.py of google-research/mnist-c bba57e4 with recorded draws), in `golden/corruptions`
 * of the fixtures.
 */
const onFixtures = fixtures === undefined ? describe.skip : describe;
const MNIST: CorruptionSetting = { profile: 'mnist', quirks: 'reference' };
const SIDE = 28;
const VALUES = SIDE * SIDE;

const golden = (file: string): Float64Array => {
  const path = join(fixtures!, 'golden', 'corruptions', file);
  return parseNpy(readFileSync(path), file).data as Float64Array;
};

const input = (): Image => ({
  shape: [1, SIDE, SIDE],
  data: Float32Array.from(golden('input_gray28.npy'), (level) => level / 255),
});

const expectedOf = (file: string, severity: number): number[] =>
  Array.from(golden(`mnist/${file}.npy`).slice((severity - 1) * VALUES, severity * VALUES));

onFixtures('against the reference (skipped without GAUNTLET_FIXTURES)', () => {
  // The five outputs differ in their draws alone, of which those of the first and the third are recorded.
  it.each([1, 3])('pessimal noise repeats, scales and clips as output %d does', (output) => {
    const image = input();
    const exact = expectedOf('pessimal_noise_gray28_f32', output);
    const noise = noiseBehind(exact, levels(image.data));
    const normals = drawnOfMnist.pessimal_noise!(
      golden(`draws/mnist_pessimal_noise_s${output}.npy`),
    ) as Float64Array;
    const corrupted = pessimalNoise.apply(
      image,
      normals,
      {},
      { ...MNIST, noiseMatrix: leadingTo(noise, normals) },
    );
    expect(levels(corrupted)).toEqual(expectedOf('pessimal_noise_gray28', output));
  });
});

/**
 * The 14 x 14 values (of [0, 1]) that were added in every quarter: read off where a quarter shows them unclipped. Where none
 * does, which a few dark places do not, what the norm 10.63 / 4 leaves over is shared out as darkness.
 */
function noiseBehind(corrupted: readonly number[], clean: readonly number[]): Float64Array {
  const noise = new Float64Array(196).fill(NaN);
  corrupted.forEach((level, i) => {
    const place = 14 * (Math.floor(i / SIDE) % 14) + ((i % SIDE) % 14);
    if (level > 0 && level < 255) noise[place] = (level - clean[i]!) / 255;
  });
  const unseen = noise.filter(Number.isNaN).length;
  const seen = noise.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value * value), 0);
  const rest = Math.sqrt(((10.63 / 4) ** 2 - seen) / unseen);
  return noise.map((value) => (Number.isNaN(value) ? -rest : value));
}

/** A matrix that takes the normals to the noise; the real one is not at hand. */
function leadingTo(noise: Float64Array, normals: Float64Array): Float64Array {
  const square = normals.reduce((sum, value) => sum + value * value, 0);
  return Float64Array.from(
    { length: 196 * 196 },
    (_, i) => (normals[Math.floor(i / 196)]! * noise[i % 196]!) / square,
  );
}
