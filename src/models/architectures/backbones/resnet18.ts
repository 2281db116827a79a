import { typedArchitecture } from '../define.js';
import { basicBlock, doublingStages, residualNetwork } from '../residual.js';
import { FIRST_WIDTH } from './schemas.js';

const BLOCKS = [2, 2, 2, 2];

/** He et al. (2016), table 1, with a 3x3 convolution in place of the first 7x7 one and its pooling, as images are small. */
export default typedArchitecture({
  kind: 'architecture',
  part: 'backbone',
  metadata: {
    id: 'resnet18',
    title: 'ResNet-18',
    summary: 'four stages of two basic residual blocks, for images of 32 x 32',
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
    return residualNetwork(layers, x, basicBlock, doublingStages(BLOCKS, width), activation);
  },
});
