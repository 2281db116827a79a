import { typedArchitecture } from '../define.js';
import { bottleneckBlock, doublingStages, residualNetwork } from '../residual.js';
import { FIRST_WIDTH } from './schemas.js';

const BLOCKS = [3, 4, 6, 3];

/** He et al. (2016), table 1, with a 3x3 convolution in place of the first 7x7 one and its pooling, as images are small. */
export default typedArchitecture({
  kind: 'architecture',
  part: 'backbone',
  metadata: {
    id: 'resnet50',
    title: 'ResNet-50',
    summary: 'four stages of bottleneck blocks, for images of 32 x 32',
    paper: 'He et al., Deep Residual Learning for Image Recognition, CVPR 2016',
    version: '1.0.0',
    apiVersion: 1,
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: { width: FIRST_WIDTH },
  },
  build(layers, x, { width = 64 }, activation) {
    return residualNetwork(layers, x, bottleneckBlock, doublingStages(BLOCKS, width), activation);
  },
});
