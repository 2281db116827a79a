import type { LatentPoints } from './points.js';

/** Means of the classes that have examples. */
export interface ClassMeans {
  /** Those classes, ascending: C of them. */
  readonly classes: readonly number[];
  /** How many classes have no example and were left out. */
  readonly empty: number;
  /** Place of each class among `classes`; -1 of an empty one. */
  readonly place: Int32Array;
  /** C x width: mean of each class. */
  readonly means: Float64Array;
  /** width: mean of all examples. */
  readonly centre: Float64Array;
}

/** Class means in float64. @param owner class of each example, true or predicted. */
export function classMeans({ z, width, numClasses }: LatentPoints, owner: Int32Array): ClassMeans {
  const counts = new Int32Array(numClasses);
  for (const one of owner) counts[one]! += 1;
  const classes = [...counts.keys()].filter((one) => counts[one]! > 0);
  const place = new Int32Array(numClasses).fill(-1);
  classes.forEach((one, at) => (place[one] = at));

  const means = new Float64Array(classes.length * width);
  const centre = new Float64Array(width);
  for (let i = 0; i < owner.length; i++) {
    const row = place[owner[i]!]! * width;
    for (let j = 0; j < width; j++) means[row + j]! += z[i * width + j]!;
  }
  for (let j = 0; j < width; j++) {
    for (const at of classes.keys()) centre[j]! += means[at * width + j]! / owner.length;
  }
  for (let j = 0; j < means.length; j++) means[j]! /= counts[classes[Math.floor(j / width)]!]!;
  return { classes, empty: numClasses - classes.length, place, means, centre };
}
