import { defineArchitecture } from '../define.js';
import { linear, PAPER } from './linear.js';

export default defineArchitecture({
  part: 'head',
  id: 'wide-binenc',
  title: 'WideBinEnc',
  summary: 'BinEnc with 512 penultimate units',
  paper: PAPER,
  compressed: true,
  defaultUnits: 512,
  build: linear,
});
