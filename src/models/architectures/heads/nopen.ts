import { typedArchitecture } from '../define.js';
import { none, PAPER } from './linear.js';

export default typedArchitecture({
  kind: 'architecture',
  part: 'head',
  metadata: {
    id: 'nopen',
    title: 'NoPen',
    summary: 'no penultimate layer: the output layer reads the backbone features',
    paper: PAPER,
    version: '1.0.0',
    apiVersion: 1,
  },
  compressed: false,
  defaultUnits: null,
  build: none,
});
