import { appendFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createClassifier } from '../../../src/classifier/engine-classifier.js';
import { engine } from '../../classifier/loaded.js';
import { fixtures } from '../../fixtures/external.js';
import { differentiableModels, openThirdParty } from '../../fixtures/third-party.js';
import { randomOf } from './random.js';
import { measureSlopes } from './slopes.js';

const IMAGES = 3;
const DIRECTIONS = 50;

/** `npm run verify` names a file that is to hold the figures, one JSON object a line. */
const figuresFile = process.env['GAUNTLET_FIGURES'] ?? '';

const suite = fixtures === undefined ? describe.skip : describe;

suite('the input gradient of real networks, beside differences in float64 (needs GAUNTLET_FIXTURES)', () => {
  it.each(Object.entries(differentiableModels))('agrees for %s', async (id, source) => {
    const { model, read } = await openThirdParty(id, source);
    const classifier = await createClassifier(model, engine, { threads: 1 });
    const random = randomOf(7);
    const images = await read(IMAGES);
    // The even background of a digit is a tie in every window of a max pool, where there is no derivative to compare with.
    const [lower, upper] = model.input.bounds;
    const data = images.data.map((value) => value + 0.05 * (upper - lower) * random.uniform());
    const figures = await measureSlopes({ model, classifier }, { ...images, data }, DIRECTIONS, random);
    await classifier.dispose();
    if (figuresFile !== '') appendFileSync(figuresFile, `${JSON.stringify({ id, ...figures })}\n`);

    // Kinks are rare, and away from them a gradient is off only where float32 puts a unit on the other side of one.
    expect(figures.kinked).toBeLessThan(figures.directions / 2);
    expect(figures.median).toBeLessThanOrEqual(1e-5);
    expect(figures.percentile95).toBeLessThanOrEqual(5e-5);
  });

  it('is refused for a binarised network, naming the sign function', async () => {
    const { model } = await openThirdParty('gtsrb-bnn_30', 'mnist');
    const classifier = await createClassifier(model, engine, { threads: 1 });
    const batch = { shape: model.input.shape, keys: [0], data: new Float32Array(2700).fill(90) };
    const vjp = classifier.vjp(batch, new Float32Array(model.numClasses).fill(1));
    await expect(vjp).rejects.toThrow(/operator Sign \(node ".+"\)/);
    await classifier.dispose();
  });
});
