import { defineArchitecture } from '../define.js';
import { bottleneckBlock, residualNetwork } from '../residual.js';
import { COUNT } from './schemas.js';

const BLOCKS = [3, 4, 6, 3];

/** He et al. (2016), table 1, with a 3x3 convolution in place of the first 7x7 one and its pooling, as images are small. */
export default defineArchitecture({
  part: 'backbone',
  id: 'resnet50',
  title: 'ResNet-50',
  summary: 'four stages of bottleneck blocks, for images of 32 x 32',
  paper: 'He et al., Deep Residual Learning for Image Recognition, CVPR 2016',
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      width: { ...COUNT, description: 'Of the first stage; 64 by default. Each stage is twice as wide' },
    },
  },
  build(layers, x, { width = 64 }, activation) {
    const stages = BLOCKS.map((blocks, i) => ({ blocks, width: width * 2 ** i }));
    return residualNetwork(layers, x, bottleneckBlock, stages, activation);
  },
});
