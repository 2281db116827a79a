import { typedArchitecture } from '../define.js';
import { basicBlock, residualNetwork } from '../residual.js';
import { sizes } from './schemas.js';

/** Of the paper's section 4.2. */
const WIDTHS = [16, 32, 64] as const;

/**
 * The residual networks of He et al. (2016), section 4.2, for images of 32 x 32: three stages of (depth - 2) / 6 basic blocks,
 * each of two 3x3 convolutions.
 */
export default typedArchitecture({
  kind: 'architecture',
  part: 'backbone',
  metadata: {
    id: 'resnet',
    title: 'small ResNet',
    summary: 'three stages of basic residual blocks, 8 or 20 layers',
    paper: 'He et al., Deep Residual Learning for Image Recognition, CVPR 2016',
    version: '1.0.0',
    apiVersion: 1,
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['depth'],
    properties: {
      depth: { enum: [8, 20], description: 'Layers with weights, shortcuts not counted' },
      widths: {
        ...sizes(3, 3),
        description: 'Channels of the stages; 16, 32, 64 by default',
      },
    },
  },
  build(layers, x, { depth, widths = WIDTHS }, activation) {
    const blocks = (depth - 2) / 6;
    const stages = widths.map((width) => ({ blocks, width }));
    return residualNetwork(layers, x, basicBlock, stages, activation);
  },
});
