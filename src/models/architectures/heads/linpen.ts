import { defineArchitecture } from '../define.js';
import { linear, PAPER } from './linear.js';

export default defineArchitecture({
  part: 'head',
  id: 'linpen',
  title: 'LinPen',
  summary: 'linear penultimate layer, no compression',
  paper: PAPER,
  compressed: false,
  defaultUnits: 32,
  build: linear,
});
