import { describe, expect, it } from '@jest/globals';
import type { Services } from '../../src/evaluate/services.js';
import { newStopFlag, raise, stoppable } from '../../src/evaluate/stoppable.js';
import { randomNetwork } from '../../src/plugin/contract/classifiers.js';

const model = { id: 'linear', path: '', sha256: '' };
const batch = { shape: [4], data: Float32Array.of(0.1, 0.2, 0.3, 0.4), keys: [0] };

async function watched() {
  const classifier = randomNetwork(1, { shape: [4], layout: 'flat', bounds: [0, 1] }, 3, 2);
  const services = { classifier: () => Promise.resolve(classifier) } as unknown as Services;
  const flag = newStopFlag();
  const { services: inner, signal } = stoppable(services, flag);
  return { classifier, flag, signal, inner: await inner.classifier(model) };
}

describe('a stoppable classifier', () => {
  it('gives what the classifier gives while the flag is down', async () => {
    const { classifier, inner, signal } = await watched();
    expect(await inner.logits(batch)).toEqual(await classifier.logits(batch));
    expect(signal.aborted).toBe(false);
  });

  it.each(['predict', 'logits', 'features'] as const)(
    'gives up at the first %s after it was raised',
    async (pass) => {
      const { inner, flag, signal } = await watched();
      raise(flag);
      expect(signal.aborted).toBe(false);
      await expect(inner[pass](batch)).rejects.toBe(signal.reason);
      expect(signal.aborted).toBe(true);
    },
  );

  it('gives up when data are opened after it was raised', async () => {
    const services = { dataset: () => Promise.resolve('data') } as unknown as Services;
    const flag = newStopFlag();
    const { services: inner, signal } = stoppable(services, flag);
    const reference = { source: 'mnist', split: 'test', fingerprint: '', indices: [] } as const;
    expect(await inner.dataset(reference)).toBe('data');
    raise(flag);
    await expect(inner.dataset(reference)).rejects.toThrow(/aborted/);
    expect(signal.aborted).toBe(true);
  });

  it('gives up at the first gradient after it was raised', async () => {
    const { inner, flag, signal } = await watched();
    raise(flag);
    const request = { labels: Int32Array.of(0), loss: 'ce' };
    await expect(inner.lossGradient(batch, request)).rejects.toThrow(/aborted/);
    await expect(inner.vjp(batch, new Float32Array(inner.numClasses))).rejects.toBe(signal.reason);
  });
});
