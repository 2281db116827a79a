import { describe, expect, it } from '@jest/globals';
import { layerLowerings } from '../../../../src/models/tfjs/layers/index.js';
import { activationCases } from '../cases/activation.js';
import { convolutionCases } from '../cases/convolution.js';
import { modelOf } from '../cases/matches.js';
import { mergingCases } from '../cases/merging.js';
import { normalizationCases } from '../cases/normalization.js';
import { poolingCases } from '../cases/pooling.js';
import { shapingCases } from '../cases/shaping.js';
import { spatialCases } from '../cases/spatial.js';
import { trainingOnlyCases } from '../cases/training-only.js';

const cases = [
  ...[activationCases, convolutionCases, mergingCases, normalizationCases, poolingCases, shapingCases],
  ...[spatialCases, trainingOnlyCases],
].flatMap((some) => Object.values(some));

describe('the table of layers', () => {
  it('holds none that is not compared with TensorFlow.js, but for those it cannot load', () => {
    const compared = new Set(
      cases.flatMap((given) => modelOf(given).layers.map((layer) => layer.getClassName())),
    );
    const others = [...layerLowerings.keys()].filter((name) => !compared.has(name)).sort();
    // Keras alone has these: see closed-forms.test.ts.
    expect(others).toEqual(['ActivityRegularization', 'SpatialDropout2D', 'Subtract']);
  });
});
