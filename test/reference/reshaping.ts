import {
  at,
  listOf,
  numberOf,
  positiveAxis,
  required,
  sizeOf,
  tensorFrom,
  textOf,
  type Operator,
  type RefTensor,
} from './tensor.js';

const withDims = ({ data }: RefTensor, dims: readonly number[]): RefTensor[] => [{ dims, data }];

const reshape: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const copied =
    numberOf(node, 'allowzero', 0) === 1
      ? (size: number) => size
      : (size: number, axis: number) => size || input.dims[axis]!;
  const wanted = [...required(inputs, 1).data].map(copied);
  const known = sizeOf(wanted.filter((size) => size !== -1));
  return withDims(
    input,
    wanted.map((size) => (size === -1 ? input.data.length / known : size)),
  );
};

const flatten: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const axis = positiveAxis(numberOf(node, 'axis', 1), input.dims.length);
  return withDims(input, [sizeOf(input.dims.slice(0, axis)), sizeOf(input.dims.slice(axis))]);
};

const squeeze: Operator = (inputs) => {
  const input = required(inputs, 0);
  const rank = input.dims.length;
  const axes =
    inputs[1] === undefined ? undefined : [...inputs[1].data].map((axis) => positiveAxis(axis, rank));
  return withDims(
    input,
    input.dims.filter((dim, axis) => (axes === undefined ? dim !== 1 : !axes.includes(axis))),
  );
};

const unsqueeze: Operator = (inputs) => {
  const input = required(inputs, 0);
  const given = [...required(inputs, 1).data];
  const rank = input.dims.length + given.length;
  const axes = given.map((axis) => positiveAxis(axis, rank));
  const rest = [...input.dims];
  return withDims(
    input,
    Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : rest.shift()!)),
  );
};

const transpose: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const perm = listOf(node, 'perm') ?? input.dims.map((_, axis) => input.dims.length - 1 - axis);
  const dims = perm.map((axis) => input.dims[axis]!);
  return [
    tensorFrom(dims, (index) =>
      at(
        input,
        input.dims.map((_, axis) => index[perm.indexOf(axis)]!),
      ),
    ),
  ];
};

/** The channel of a DepthToSpace input that ends at one place of a block: the block's place is the outer or the inner part. */
const channelOf = (mode: string, channel: number, place: number, channels: number, places: number): number =>
  mode === 'DCR' ? place * channels + channel : channel * places + place;

const depthToSpace: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const block = numberOf(node, 'blocksize', 1);
  const mode = textOf(node, 'mode', 'DCR');
  const [batch, depth, height, width] = input.dims as [number, number, number, number];
  const channels = depth / block ** 2;
  return [
    tensorFrom([batch, channels, height * block, width * block], ([n, c, y, x]) => {
      const place = (y! % block) * block + (x! % block);
      const channel = channelOf(mode, c!, place, channels, block ** 2);
      return at(input, [n!, channel, Math.floor(y! / block), Math.floor(x! / block)]);
    }),
  ];
};

const spaceToDepth: Operator = (inputs, node) => {
  const input = required(inputs, 0);
  const block = numberOf(node, 'blocksize', 1);
  const [batch, channels, height, width] = input.dims as [number, number, number, number];
  return [
    tensorFrom([batch, channels * block ** 2, height / block, width / block], ([n, depth, y, x]) => {
      const place = Math.floor(depth! / channels);
      const [row, column] = [Math.floor(place / block), place % block];
      return at(input, [n!, depth! % channels, y! * block + row, x! * block + column]);
    }),
  ];
};

/** Operators that rename or exchange axes, or move elements between them. */
export const reshapings: Readonly<Record<string, Operator>> = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
