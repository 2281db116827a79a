import { conv, IMAGE, one, SEQUENCE, tfl, type LayerCases } from './layer-case.js';

/** Layers that do nothing at inference, and preprocessing inside the model. */
export const trainingOnlyCases: LayerCases = {
  'layers that act in training alone': one(
    SEQUENCE,
    () => tfl.dropout({ rate: 0.9 }),
    () => tfl.spatialDropout1d({ rate: 0.9 }),
    () => tfl.gaussianNoise({ stddev: 9 }),
    () => tfl.gaussianDropout({ rate: 0.9 }),
    () => tfl.alphaDropout({ rate: 0.9 }),
    () => tfl.dense({ units: 3 }),
  ),
  Rescaling: one(IMAGE, () => tfl.rescaling({ scale: 2, offset: -1 }), conv),
  'Rescaling without offset': one(IMAGE, () => tfl.rescaling({ scale: 0.5 }), conv),
};
