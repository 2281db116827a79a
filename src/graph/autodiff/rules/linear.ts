import { float, int, ints } from '../../builder.js';
import type { InferredDim } from '../../ir.js';
import { floatAttribute, intAttribute } from '../attributes.js';
import { sumToShape } from '../broadcasting.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { axisRange, reshapeLike } from '../shaping.js';

/** Y = alpha A' B' + beta C, where A' and B' are A and B, transposed if transA, transB say so. */
const gemm: GradientRule = (context) => {
  const { builder, node, needs } = context;
  const [a, b, c] = node.inputs as [string, string, string | undefined];
  const g = context.outputGradients[0]!;
  const transA = intAttribute(node, 'transA', 0);
  const transB = intAttribute(node, 'transB', 0);
  const alpha = float(floatAttribute(node, 'alpha', 1));
  const beta = floatAttribute(node, 'beta', 1);
  const product = (left: string, right: string, leftFlag: number, rightFlag: number): string =>
    builder.add('Gemm', [left, right], { alpha, transA: int(leftFlag), transB: int(rightFlag) });

  const gradientA = () => (transA === 0 ? product(g, b, 0, 1 - transB) : product(b, g, transB, 1));
  const gradientB = () => (transB === 0 ? product(a, g, 1 - transA, 0) : product(g, a, 1, transA));
  const gradientC = () => {
    const scaled = beta === 1 ? g : builder.add('Mul', [g, builder.scalar(beta)]);
    return sumToShape(context, scaled, context.dims(node.outputs[0]!), context.dims(c!));
  };
  return [
    needs[0] === true ? gradientA() : null,
    needs[1] === true ? gradientB() : null,
    needs[2] === true ? gradientC() : null,
  ];
};

/** Swaps the last two of `rank` axes. */
function transposed(context: RuleContext, value: string, rank: number): string {
  const perm = ints([...axisRange(0, rank - 2), rank - 1, rank - 2]);
  return context.builder.add('Transpose', [value], { perm });
}

/** The product of two matrices, neither of them in a stack. */
const matrixProduct: GradientRule = ({ builder, node, needs, outputGradients }) => {
  const [a, b] = node.inputs as [string, string];
  const g = outputGradients[0]!;
  return [
    needs[0] === true ? builder.add('Gemm', [g, b], { transB: int(1) }) : null,
    needs[1] === true ? builder.add('Gemm', [a, g], { transA: int(1) }) : null,
  ];
};

/**
 * NumPy's matmul: stacks of matrices that broadcast; a vector is a row on the left and a column on the right.
 * dA = g B^T and dB = A^T g, summed over the axes along which the stack was repeated.
 */
const matMul: GradientRule = (context) => {
  const { builder, node, needs } = context;
  const [a, b] = node.inputs as [string, string];
  const dimsA = context.dims(a);
  const dimsB = context.dims(b);
  if (dimsA.length === 2 && dimsB.length === 2) return matrixProduct(context);

  // Vectors become matrices, and the gradient gets the axis back that the product dropped.
  const rowA = dimsA.length === 1;
  const columnB = dimsB.length === 1;
  const added = [...(rowA ? [-2] : []), ...(columnB ? [-1] : [])];
  const matrixA: readonly InferredDim[] = rowA ? [1, ...dimsA] : dimsA;
  const matrixB: readonly InferredDim[] = columnB ? [...dimsB, 1] : dimsB;
  const unsqueeze = (value: string, axes: readonly number[]): string =>
    axes.length === 0 ? value : builder.add('Unsqueeze', [value, builder.ints(axes)]);
  const left = unsqueeze(a, rowA ? [0] : []);
  const right = unsqueeze(b, columnB ? [1] : []);
  const dimsY = context.dims(node.outputs[0]!);
  const stack = dimsY.slice(0, dimsY.length - (2 - added.length));
  // With both axes missing, -2 and -1 name the two new last axes; with one, the other is there already.
  const g = unsqueeze(context.outputGradients[0]!, added);

  const gradientA = (): string => {
    const product = builder.add('MatMul', [g, transposed(context, right, matrixB.length)]);
    const summed = sumToShape(context, product, [...stack, ...matrixA.slice(-2)], matrixA);
    return rowA ? reshapeLike(context, summed, a) : summed;
  };
  const gradientB = (): string => {
    // A plain matrix on the right of a stack: one product over all rows of the stack, instead of a stack of products to be summed.
    if (matrixB.length === 2 && matrixA.length > 2) {
      const rows = (value: string, columns: InferredDim): string =>
        builder.add('Reshape', [value, builder.ints([-1, columns as number])]);
      const inner = matrixB[0]!;
      const outer = matrixB[1]!;
      if (typeof inner === 'number' && typeof outer === 'number') {
        const product = builder.add('Gemm', [rows(left, inner), rows(g, outer)], { transA: int(1) });
        return columnB ? reshapeLike(context, product, b) : product;
      }
    }
    const product = builder.add('MatMul', [transposed(context, left, matrixA.length), g]);
    const summed = sumToShape(context, product, [...stack, ...matrixB.slice(-2)], matrixB);
    return columnB ? reshapeLike(context, summed, b) : summed;
  };
  return [needs[0] === true ? gradientA() : null, needs[1] === true ? gradientB() : null];
};

/** Matrix products. */
export const linearRules: Readonly<Record<string, GradientRule>> = { Gemm: gemm, MatMul: matMul };
