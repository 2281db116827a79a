import type { GradientRule } from '../rule.js';
import { pointwise, unary } from './unary.js';

/*
 * The textbook derivatives y (1 - y) of the logistic function and 1 - y^2 of tanh become zero or noise where y rounds
 * to its limit; ONNX Runtime's Sigmoid is exactly 0 already at x = -18. The forms below add positive terms only, so they keep
 * their relative precision down to 1e-38 and a saturated unit still says which way is up. Where e^x or its reciprocal
 * overflows, they divide by infinity, which gives the right zero.
 */

/** 1 / (2 + e^x + e^-x). */
const sigmoid = unary(({ builder, x, g }) => {
  const growth = builder.add('Exp', [x]);
  const sum = builder.add('Add', [growth, builder.add('Reciprocal', [growth])]);
  return builder.add('Div', [g, builder.add('Add', [sum, builder.scalar(2)])]);
});

/** 4 / (e^x + e^-x)^2. */
const tanh = unary(({ builder, x, g }) => {
  const growth = builder.add('Exp', [x]);
  const sum = builder.add('Add', [growth, builder.add('Reciprocal', [growth])]);
  const quotient = builder.add('Div', [g, builder.add('Mul', [sum, sum])]);
  return builder.add('Mul', [quotient, builder.scalar(4)]);
});

/** The logistic function, as e^(x - y): unlike Sigmoid it does not round to 0 below -18. */
const softplus = pointwise(({ builder, x, y }) => builder.add('Exp', [builder.add('Sub', [x, y])]));

/** 1 / (1 + |x|)^2. */
const softsign = unary(({ builder, x, g }) => {
  const root = builder.add('Add', [builder.add('Abs', [x]), builder.scalar(1)]);
  return builder.add('Div', [g, builder.add('Mul', [root, root])]);
});

/** 2 / sqrt(pi) e^(-x^2), with the factor inside the exponent. */
const erf = pointwise(({ builder, x }) => {
  const logFactor = builder.scalar(Math.log(2 / Math.sqrt(Math.PI)));
  return builder.add('Exp', [builder.add('Sub', [logFactor, builder.add('Mul', [x, x])])]);
});

/** Smooth activations that level off. */
export const saturatingRules: Readonly<Record<string, GradientRule>> = {
  Sigmoid: sigmoid,
  Tanh: tanh,
  Softplus: softplus,
  Softsign: softsign,
  Erf: erf,
};
