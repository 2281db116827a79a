import { int } from '../../../graph/builder.js';
import { aligned, shapesOf } from '../align.js';
import { integers, runtime, type Integers, type Operand } from '../operand.js';
import { storedAxis, type Value } from '../value.js';
import type { Operation, OpLowering } from './operation.js';

/** The inputs if all of them are whole numbers that are known. */
function allIntegers(inputs: readonly Operand[]): readonly Integers[] | undefined {
  const found = inputs.filter((input) => input.kind === 'integers');
  return found.length === inputs.length ? found : undefined;
}

const concat: OpLowering = (operation) => {
  const parts = operation.inputs.slice(0, -1);
  const numbers = allIntegers(parts);
  if (numbers !== undefined) return integers(numbers.flatMap(({ values }) => values));
  const [axis = -1] = operation.integers(operation.inputs.length - 1);
  const values = parts.map((_, i) => operation.value(i));
  return runtime(joined(operation, values, operation.axis(axis, values[0]!.shape.length)));
};

function joined(operation: Operation, values: readonly Value[], axis: number): Value {
  const { emitter } = operation;
  const shapes = values.map(({ shape }) => shape);
  const others = shapes.map((shape) => shape.toSpliced(axis, 1, 1).join());
  if (new Set(others).size > 1) return operation.unsupported(`cannot join ${shapesOf(shapes)}`);
  const alike = aligned(
    emitter,
    values.map((value) => (value.elements === undefined ? value : emitter.natural(value))),
  );
  const names = alike.map(({ name }) => name);
  const name = emitter.add('Concat', names, { axis: int(storedAxis(alike[0]!, axis)) });
  const size = shapes.reduce((total, shape) => total + shape[axis]!, 0);
  return { ...alike[0]!, name, shape: shapes[0]!.toSpliced(axis, 1, size) };
}

/** Along a new axis. */
const pack: OpLowering = (operation) => {
  const { inputs, attributes, emitter } = operation;
  const given = attributes.number('axis', 0);
  const numbers = allIntegers(inputs);
  if (numbers?.every(({ dims }) => dims.length === 0) === true)
    return integers(numbers.flatMap(({ values: [number] }) => number!));
  const values = inputs.map((_, i) => operation.value(i));
  const axis = operation.axis(given, values[0]!.shape.length + 1);
  return runtime(
    joined(
      operation,
      values.map((value) => emitter.expanded(value, axis)),
      axis,
    ),
  );
};

/** Parts of given sizes along an axis. */
function parted(operation: Operation, x: Value, axis: number, sizes: readonly number[]): Operand[] {
  const { emitter } = operation;
  const sorted = x.elements === undefined ? x : emitter.natural(x);
  const stored = int(storedAxis(sorted, axis));
  const names = emitter.addMany('Split', [sorted.name, emitter.ints(sizes)], sizes.length, { axis: stored });
  return names.map((name, i) => runtime({ ...sorted, name, shape: x.shape.toSpliced(axis, 1, sizes[i]!) }));
}

const split: OpLowering = (operation) => {
  const x = operation.value(1);
  const axis = operation.axis(operation.integers(0)[0] ?? -1, x.shape.length);
  const count = operation.attributes.number('num_split', 1);
  const size = x.shape[axis]! / count;
  if (!Number.isInteger(size))
    return operation.unsupported(`${x.shape[axis]!} elements do not part into ${count}`);
  return parted(operation, x, axis, new Array<number>(count).fill(size));
};

const splitV: OpLowering = (operation) => {
  const x = operation.value(0);
  const axis = operation.axis(operation.integers(2)[0] ?? -1, x.shape.length);
  const sizes = operation.integers(1);
  const known = sizes.filter((size) => size >= 0).reduce((total, size) => total + size, 0);
  return parted(
    operation,
    x,
    axis,
    sizes.map((size) => (size < 0 ? x.shape[axis]! - known : size)),
  );
};

/** Operations that join values or part them. */
export const joiningOps: Readonly<Record<string, OpLowering>> = {
  ConcatV2: concat,
  Pack: pack,
  Split: split,
  SplitV: splitV,
};
