import { describe, expect, it } from '@jest/globals';
import { measureLatent, type MeasureLatentRequest } from '../../src/api/measure-latent.js';
import type { GauntletError } from '../../src/errors.js';
import { validateResult } from '../../src/results/validate.js';

const small: MeasureLatentRequest = { model: 'mnist-mlp-binenc', examples: 400, trainExamples: 800 };
const binenc = await measureLatent({ ...small, deepfool: 6 });
const keyOf = (error: unknown) => (error as GauntletError).key;

describe('the measures of a latent space', () => {
  it('are of the committed schema', () => {
    expect(validateResult('latent', binenc, 'report')).toBe(binenc);
  });

  it('of a BinEnc model show its binary code, which a NoPen model does not have', async () => {
    const nopen = await measureLatent({ ...small, model: 'mnist-mlp-nopen' });
    expect(binenc.codeBook).toMatchObject({ from: 'train', byPrediction: { distinct: 10, empty: 0 } });
    expect(binenc.test.sameEncoding.mixture!).toBeGreaterThan(0.9);
    expect(nopen.test.sameEncoding.mixture!).toBeLessThan(0.5);
    // Not the mean: units of the NoPen model that are hardly ever active are at the floor.
    expect(binenc.test.binarity.medianSeparation!).toBeGreaterThan(2 * nopen.test.binarity.medianSeparation!);
    expect(binenc.train!.collapse.withinClass!).toBeLessThan(nopen.train!.collapse.withinClass!);
    expect(nopen.width).toBe(256);
  });

  it('take collapse by label on the training set and by prediction on the other', () => {
    expect(binenc.train!.collapse.definition).toBe('papyan');
    expect(binenc.test.collapse.definition).toBe('paper');
    expect(binenc.trainData).toMatchObject({ source: 'mnist', split: 'train', n: 800, invalid: 0 });
  });

  it('include the DeepFool figure in the coordinates of the training set, where asked for', () => {
    const { deepfool } = binenc;
    expect(deepfool).toMatchObject({ n: 6, blocked: 0, zero: 0, normalisation: { from: 'train' } });
    // The well-known mean and standard deviation of MNIST.
    expect(deepfool!.normalisation.mean[0]).toBeCloseTo(0.1307, 4);
    expect(deepfool!.normalisation.std[0]).toBeCloseTo(0.3081, 4);
    expect(deepfool!.all!.mean).toBeGreaterThan(0.05);
    expect(deepfool!.all!.mean).toBeLessThan(1);
  });

  it('are the same again', async () => {
    expect(await measureLatent({ ...small, deepfool: 6 })).toEqual(binenc);
  });

  it('without training images lack reliability and take words from the images measured', async () => {
    const alone = await measureLatent({ ...small, trainData: null, deepfool: 2 });
    expect(alone).toMatchObject({
      train: null,
      trainData: null,
      reliability: null,
      codeBook: { from: 'test' },
    });
    expect(alone.deepfool!.normalisation).toEqual({ from: 'none', mean: [0], std: [1] });
    expect(alone.test.collapse).toEqual(binenc.test.collapse);
    validateResult('latent', alone, 'report');
  });

  it('include a linear probe on the features, where other data are named', async () => {
    const { transfer } = await measureLatent({
      ...small,
      examples: 50,
      trainExamples: 500,
      transfer: 'mnist',
    });
    expect(transfer).toMatchObject({ train: { n: 500 }, test: { n: 10_000, split: 'test' }, seed: 0 });
    const { correct, n } = transfer!.probe.test;
    expect(correct / n).toBeGreaterThan(0.95);
  });

  it('refuse more images than there are', async () => {
    await expect(measureLatent({ ...small, examples: 10_001 })).rejects.toThrow(
      '10001 examples were asked for',
    );
    const refused = await measureLatent({ ...small, deepfool: 10_001 }).catch(keyOf);
    expect(refused).toBe('INDEX_RANGE');
  });
});
