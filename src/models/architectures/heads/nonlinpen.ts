import { activations } from '../activations.js';
import { defineArchitecture } from '../define.js';
import { linear, PAPER } from './linear.js';

export default defineArchitecture({
  part: 'head',
  id: 'nonlinpen',
  title: 'NonlinPen',
  summary: 'penultimate layer followed by the activation, no compression',
  paper: PAPER,
  compressed: false,
  defaultUnits: 32,
  build(layers, features, options) {
    const z = linear(layers, features, options);
    return { ...z, value: activations[options.activation](layers.builder, z.value) };
  },
});
