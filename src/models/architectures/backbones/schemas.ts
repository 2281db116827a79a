/** Schemas that several backbones share. */
export const COUNT = { type: 'integer', minimum: 1 } as const;

/** Of a residual network for images of 32 x 32. */
export const FIRST_WIDTH = {
  ...COUNT,
  description: 'Of the first stage; 64 by default. Each stage is twice as wide',
} as const;

/** The type says nothing of lengths, which would become tuples of every one. */
export interface Sizes {
  readonly type: 'array';
  readonly items: typeof COUNT;
}

/** So many sizes of layers, in order. */
export const sizes = (minItems: number, maxItems: number): Sizes =>
  ({ type: 'array', items: COUNT, minItems, maxItems }) as Sizes;
