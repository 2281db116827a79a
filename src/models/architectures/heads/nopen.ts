import { defineArchitecture } from '../define.js';
import { none, PAPER } from './linear.js';

export default defineArchitecture({
  part: 'head',
  id: 'nopen',
  title: 'NoPen',
  summary: 'no penultimate layer: the output layer reads the backbone features',
  paper: PAPER,
  compressed: false,
  defaultUnits: null,
  build: none,
});
