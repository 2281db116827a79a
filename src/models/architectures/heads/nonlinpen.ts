import { typedArchitecture } from '../define.js';
import { linear, PAPER } from './linear.js';

export default typedArchitecture({
  kind: 'architecture',
  part: 'head',
  metadata: {
    id: 'nonlinpen',
    title: 'NonlinPen',
    summary: 'penultimate layer followed by the activation, no compression',
    paper: PAPER,
    version: '1.0.0',
    apiVersion: 1,
  },
  compressed: false,
  defaultUnits: 32,
  build: (layers, features, options) =>
    layers.activate(linear(layers, features, options), options.activation),
});
