import { combining, mapping } from './elementwise.js';
import type { Operator } from './tensor.js';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const unitClip = (x: number): number => Math.min(Math.max(x, 0), 1);

/** Activation functions, as the ONNX operator specification defines them. */
export const activations: Readonly<Record<string, Operator>> = {
  Relu: mapping((x) => Math.max(x, 0)),
  LeakyRelu: mapping((x, attribute) => (x > 0 ? x : attribute('alpha', 0.01) * x)),
  PRelu: combining((x, slope) => (x < 0 ? slope * x : x)),
  Elu: mapping((x, attribute) => (x < 0 ? attribute('alpha', 1) * Math.expm1(x) : x)),
  Selu: mapping((x, attribute) => {
    const [alpha, gamma] = [attribute('alpha', 1.67326319217681), attribute('gamma', 1.05070102214813)];
    return gamma * (x <= 0 ? alpha * Math.expm1(x) : x);
  }),
  Celu: mapping((x, attribute) => {
    const alpha = attribute('alpha', 1);
    return Math.max(0, x) + Math.min(0, alpha * Math.expm1(x / alpha));
  }),
  ThresholdedRelu: mapping((x, attribute) => (x > attribute('alpha', 1) ? x : 0)),
  Shrink: mapping((x, attribute) => {
    const [lambd, bias] = [attribute('lambd', 0.5), attribute('bias', 0)];
    if (x < -lambd) return x + bias;
    return x > lambd ? x - bias : 0;
  }),
  HardSigmoid: mapping((x, attribute) => unitClip(attribute('alpha', 0.2) * x + attribute('beta', 0.5))),
  HardSwish: mapping((x) => x * unitClip(x / 6 + 0.5)),
  Sigmoid: mapping(sigmoid),
  Tanh: mapping(Math.tanh),
  Softplus: mapping((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Softsign: mapping((x) => x / (1 + Math.abs(x))),
};
