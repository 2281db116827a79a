import { float } from '../../../graph/builder.js';
import { channelsFirst } from '../value.js';
import { requireChannelsLast } from './convolution.js';
import type { OpLowering } from './operation.js';

/** With statistics in the file; the channels are the last axis. */
const batchNormalization: OpLowering = (operation) => {
  requireChannelsLast(operation);
  const { attributes, emitter } = operation;
  if (attributes.flag('is_training'))
    operation.unsupported('is_training is true, so that it looks at the whole batch');
  const given = operation.runtime(0, 3);
  const constants = [1, 2, 3, 4].map((index) => operation.constant(operation.floats(index)));
  const image = emitter.ordered(given.value, channelsFirst(3));
  const epsilon = float(attributes.number('epsilon', 1e-4));
  return { ...given, value: emitter.map(image, 'BatchNormalization', { epsilon }, ...constants) };
};

export const normalizationOps: Readonly<Record<string, OpLowering>> = {
  FusedBatchNorm: batchNormalization,
  FusedBatchNormV2: batchNormalization,
  FusedBatchNormV3: batchNormalization,
};
