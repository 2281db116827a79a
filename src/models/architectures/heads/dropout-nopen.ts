import { defineArchitecture } from '../define.js';
import { none, PAPER } from './linear.js';

export default defineArchitecture({
  part: 'head',
  id: 'dropout-nopen',
  title: 'DropoutNoPen',
  summary: 'NoPen with dropout in training, p = 0.5',
  paper: PAPER,
  compressed: false,
  defaultUnits: null,
  // The authors' code drops outputs of the last layer.
  dropout: 0.5,
  build: none,
});
