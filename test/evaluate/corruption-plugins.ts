import type { CorruptionPlan } from '../../src/evaluate/cell.js';
import contrast from '../../corruptions/contrast.js';
import gaussianNoise from '../../corruptions/gaussian_noise.js';
import type { CorruptionPlugin } from '../../src/plugin/corruption.js';

/** A corruption that does whatever `apply` says. */
export const corruptionOf = (
  id: string,
  apply: CorruptionPlugin['apply'],
  metadata: Partial<CorruptionPlugin['metadata']> = {},
): CorruptionPlugin => ({
  kind: 'corruption',
  metadata: {
    ...{ id, title: id, summary: id, paper: 'none', version: '1.0.0', apiVersion: 1, stochastic: false },
    ...metadata,
  },
  parameters: { type: 'object', additionalProperties: false, properties: {} },
  severities: [{}],
  sample: () => null,
  apply,
});

export const planOf = (id: string, changes: Partial<CorruptionPlan> = {}): CorruptionPlan => ({
  kind: 'corruption',
  corruption: { id, version: '1.0.0' },
  ...{ severity: 1, parameters: {}, profile: 'cifar', quirks: 'reference' },
  ...changes,
});
/** Noise that fools the linear model on some images. */
export const noise = planOf('gaussian_noise', { parameters: { sigma: 0.3 } });

export const built = [gaussianNoise, contrast] as unknown as CorruptionPlugin[];
