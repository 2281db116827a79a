/** Schemas that several backbones share. */
export const COUNT = { type: 'integer', minimum: 1 } as const;

/** The type says nothing of lengths, which would become tuples of every one. */
export interface Sizes {
  readonly type: 'array';
  readonly items: typeof COUNT;
}

/** So many sizes of layers, in order. */
export const sizes = (minItems: number, maxItems: number): Sizes =>
  ({ type: 'array', items: COUNT, minItems, maxItems }) as Sizes;
