import { typedArchitecture } from '../define.js';
import { linear, PAPER } from './linear.js';

export default typedArchitecture({
  kind: 'architecture',
  part: 'head',
  metadata: {
    id: 'dropout-linpen',
    title: 'DropoutLinPen',
    summary: 'LinPen with dropout in training, p = 0.5',
    paper: PAPER,
    version: '1.0.0',
    apiVersion: 1,
  },
  compressed: false,
  defaultUnits: 32,
  // The authors' code drops outputs of the last layer.
  dropout: 0.5,
  build: linear,
});
