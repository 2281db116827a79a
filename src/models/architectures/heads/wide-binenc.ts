import { typedArchitecture } from '../define.js';
import { linear, PAPER } from './linear.js';

export default typedArchitecture({
  kind: 'architecture',
  part: 'head',
  metadata: {
    id: 'wide-binenc',
    title: 'WideBinEnc',
    summary: 'BinEnc with 512 penultimate units',
    paper: PAPER,
    version: '1.0.0',
    apiVersion: 1,
  },
  compressed: true,
  defaultUnits: 512,
  build: linear,
});
