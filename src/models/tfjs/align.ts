import type { Emitter } from './emitter.js';
import { sizeOf, type Value } from './value.js';

/** The values stored alike: as the largest of them is, so that the least is moved. All have as many axes. */
export function aligned(emitter: Emitter, values: readonly Value[]): readonly Value[] {
  const [first] = values;
  const same = values.every(({ elements }) => sameElements(elements, first?.elements));
  const sorted = same ? values : values.map((value) => emitter.natural(value));
  const largest = sorted.reduce((most, value) => (sizeOf(value) > sizeOf(most) ? value : most));
  return sorted.map((value) =>
    value.elements === undefined ? emitter.ordered(value, largest.order) : value,
  );
}

function sameElements(a: Int32Array | undefined, b: Int32Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((element, i) => element === b[i]);
}

/** Shape of the elementwise combination of shapes of equal length; undefined where they do not fit. */
export function broadcast(shapes: readonly (readonly number[])[]): number[] | undefined {
  const shape = shapes[0]!.map((_, axis) => {
    const sizes = [...new Set(shapes.map((one) => one[axis]!).filter((size) => size !== 1))];
    return sizes.length <= 1 ? (sizes[0] ?? 1) : undefined;
  });
  return shape.includes(undefined) ? undefined : (shape as number[]);
}

/** Shapes as a message shows them. */
export const shapesOf = (shapes: readonly (readonly number[])[]): string =>
  shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ');
