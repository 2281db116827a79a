import { elementCount, floatTensor, type FloatTensor } from '../../tensor/tensor.js';

/** The matrix with its rows in another order: row `i` of the result is row `rows[i]`. */
export function withRows({ data, dims }: FloatTensor, rows: Int32Array): FloatTensor {
  const width = elementCount(dims.slice(1));
  const moved = new Float32Array(data.length);
  for (let i = 0; i < rows.length; i++)
    moved.set(data.subarray(rows[i]! * width, (rows[i]! + 1) * width), i * width);
  return floatTensor(moved, dims);
}
