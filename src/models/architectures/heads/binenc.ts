import { typedArchitecture } from '../define.js';
import { linear, PAPER } from './linear.js';

export default typedArchitecture({
  kind: 'architecture',
  part: 'head',
  metadata: {
    id: 'binenc',
    title: 'BinEnc',
    summary: 'linear penultimate layer whose output is compressed towards the origin',
    paper: PAPER,
    version: '1.0.0',
    apiVersion: 1,
  },
  compressed: true,
  defaultUnits: 32,
  build: linear,
});
