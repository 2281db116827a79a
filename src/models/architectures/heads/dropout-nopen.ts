import { typedArchitecture } from '../define.js';
import { none, PAPER } from './linear.js';

export default typedArchitecture({
  kind: 'architecture',
  part: 'head',
  metadata: {
    id: 'dropout-nopen',
    title: 'DropoutNoPen',
    summary: 'NoPen with dropout in training, p = 0.5',
    paper: PAPER,
    version: '1.0.0',
    apiVersion: 1,
  },
  compressed: false,
  defaultUnits: null,
  // The authors' code drops outputs of the last layer.
  dropout: 0.5,
  build: none,
});
