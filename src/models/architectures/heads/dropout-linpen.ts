import { defineArchitecture } from '../define.js';
import { linear, PAPER } from './linear.js';

export default defineArchitecture({
  part: 'head',
  id: 'dropout-linpen',
  title: 'DropoutLinPen',
  summary: 'LinPen with dropout in training, p = 0.5',
  paper: PAPER,
  compressed: false,
  defaultUnits: 32,
  // The authors' code drops outputs of the last layer.
  dropout: 0.5,
  build: linear,
});
