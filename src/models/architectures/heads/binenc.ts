import { defineArchitecture } from '../define.js';
import { linear, PAPER } from './linear.js';

export default defineArchitecture({
  part: 'head',
  id: 'binenc',
  title: 'BinEnc',
  summary: 'linear penultimate layer whose output is compressed towards the origin',
  paper: PAPER,
  compressed: true,
  defaultUnits: 32,
  build: linear,
});
