import { typedArchitecture } from '../define.js';
import { linear, PAPER } from './linear.js';

export default typedArchitecture({
  kind: 'architecture',
  part: 'head',
  metadata: {
    id: 'linpen',
    title: 'LinPen',
    summary: 'linear penultimate layer, no compression',
    paper: PAPER,
    version: '1.0.0',
    apiVersion: 1,
  },
  compressed: false,
  defaultUnits: 32,
  build: linear,
});
