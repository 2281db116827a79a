import fc from 'fast-check';
import type { TestFunction } from '../test-function.js';
import { convolution, type ConvolutionSpec } from '../cases/convolution.js';
import { globalPooling, pooling, type PoolingSpec } from '../cases/pooling.js';
import { upTo, type OperatorArbitraries } from './arbitrary.js';

/** The window along one spatial axis. */
interface Axis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly begin: number;
  readonly end: number;
}

const axis = fc.record({
  ...{ size: upTo(7, 3), kernel: upTo(3), stride: upTo(3), dilation: upTo(2) },
  ...{ begin: upTo(2, 0), end: upTo(2, 0) },
});

const extentOf = ({ kernel, dilation }: Axis): number => dilation * (kernel - 1) + 1;

const fits = (axes: readonly Axis[]): boolean =>
  axes.every((one) => one.size + one.begin + one.end >= extentOf(one));

/** One to three axes, of fewer places where there are three. */
const windows = (along: fc.Arbitrary<Axis>): fc.Arbitrary<Axis[]> =>
  fc
    .array(along, { minLength: 1, maxLength: 3 })
    .map((axes) => (axes.length < 3 ? axes : axes.map((one) => ({ ...one, size: Math.min(one.size, 4) }))))
    .filter(fits);

/** The window as attributes: padding as numbers, or by a mode. */
function geometry(axes: readonly Axis[], autoPad: string) {
  const of = (name: keyof Axis): number[] => axes.map((one) => one[name]);
  return {
    ...{ image: of('size'), kernel: of('kernel'), strides: of('stride') },
    ...(autoPad === 'NOTSET' ? { pads: [...of('begin'), ...of('end')] } : { autoPad }),
  };
}

const dilationsOf = (axes: readonly Axis[]): number[] => axes.map(({ dilation }) => dilation);
const solid = (one: Axis): Axis => ({ ...one, dilation: 1 });

const channels = fc.record({
  perGroup: upTo(2),
  filtersPerGroup: upTo(2),
  groups: upTo(3),
  bias: fc.boolean(),
});

/** The engine refuses holes together with padding to the same size. */
const mode = fc.constantFrom('NOTSET', 'NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID');

const unpadded = (axes: readonly Axis[]): boolean => axes.every((one) => one.size >= extentOf(one));

const convolutions = fc
  .record({ axes: windows(axis), autoPad: mode, channels })
  .filter(({ axes, autoPad }) => autoPad === 'NOTSET' || unpadded(axes))
  .map(({ axes, autoPad, channels: { perGroup, filtersPerGroup, groups, bias } }) => {
    const used = autoPad.startsWith('SAME') ? axes.map(solid) : axes;
    return convolution({
      ...geometry(used, autoPad),
      ...{ name: `at random, ${autoPad}`, dilations: dilationsOf(used), groups, bias },
      ...{ channels: perGroup * groups, filters: filtersPerGroup * groups },
    });
  });

/** Padding must leave something of the output; output padding is smaller than the stride, as ONNX wants it. */
const transposedConvolutions = fc
  .record({
    axes: windows(axis.map((one) => ({ ...one, size: Math.min(one.size, 4) }))),
    ...{ autoPad: mode, channels, padded: fc.boolean(), given: fc.option(upTo(2, 0), { nil: undefined }) },
  })
  .map(({ axes, autoPad, channels: { perGroup, filtersPerGroup, groups, bias }, padded, given }) => {
    const natural = (one: Axis): number => (one.size - 1) * one.stride + extentOf(one);
    const fitting = axes.map((one) => {
      const begin = Math.min(one.begin, natural(one) - 1);
      return { ...one, begin, end: Math.min(one.end, natural(one) - 1 - begin) };
    });
    const spec: ConvolutionSpec = {
      ...geometry(fitting, autoPad),
      ...{ op: 'ConvTranspose', name: `at random, ${autoPad}`, dilations: dilationsOf(axes), groups, bias },
      ...{ channels: perGroup * groups, filters: filtersPerGroup * groups },
    };
    if (given !== undefined && autoPad !== 'VALID') {
      return convolution({ ...spec, outputShape: axes.map((one) => Math.max(natural(one) - given, 1)) });
    }
    if (!padded || autoPad !== 'NOTSET') return convolution(spec);
    return convolution({ ...spec, outputPadding: axes.map(({ stride }) => stride - 1) });
  });

/**
 * Padding must be smaller than the kernel, or a window could see nothing. The engine's pools refuse strides beyond the window
 * together with padding to the same size.
 */
const poolings = (op: 'MaxPool' | 'AveragePool' | 'LpPool') =>
  fc
    .record({ axes: windows(axis), autoPad: mode, ceil: fc.boolean(), includePad: fc.boolean(), p: upTo(3) })
    .map(({ axes, ...rest }) => {
      const used = op === 'MaxPool' && rest.autoPad === 'NOTSET' ? axes : axes.map(solid);
      const padding = (one: Axis, pad: number): number => Math.min(pad, one.kernel - 1);
      const step = (one: Axis): number =>
        rest.autoPad.startsWith('SAME') ? Math.min(one.stride, one.kernel) : one.stride;
      const fitting = used.map((one) => ({
        ...{ ...one, stride: step(one) },
        ...{ begin: padding(one, one.begin), end: padding(one, one.end) },
      }));
      return { axes: fitting, ...rest };
    })
    .filter(({ axes, autoPad }) => (autoPad === 'NOTSET' ? fits(axes) : unpadded(axes)))
    .map(({ axes, autoPad, ceil, includePad, p }) => {
      const spec: PoolingSpec = { name: `at random, ${autoPad}`, ...geometry(axes, autoPad) };
      const rounded = { ...spec, ceil: ceil && autoPad === 'NOTSET' };
      if (op === 'MaxPool') return pooling(op, { ...rounded, dilations: dilationsOf(axes) });
      return pooling(op, op === 'LpPool' ? { ...spec, p } : { ...rounded, includePad });
    });

const globalPoolings = (op: string): fc.Arbitrary<TestFunction> =>
  fc
    .record({ image: fc.array(upTo(4), { minLength: 1, maxLength: 3 }), p: upTo(3) })
    .map(({ image, p }) => globalPooling(op, image, op === 'GlobalLpPool' ? p : undefined));

/** Operators with a sliding window, or one over all places. */
export const windowArbitraries: OperatorArbitraries = {
  Conv: { functions: convolutions, runs: 60 },
  ConvTranspose: { functions: transposedConvolutions, runs: 60 },
  MaxPool: { functions: poolings('MaxPool'), runs: 40 },
  AveragePool: { functions: poolings('AveragePool'), runs: 40 },
  LpPool: { functions: poolings('LpPool'), runs: 30 },
  GlobalMaxPool: { functions: globalPoolings('GlobalMaxPool') },
  GlobalAveragePool: { functions: globalPoolings('GlobalAveragePool') },
  GlobalLpPool: { functions: globalPoolings('GlobalLpPool') },
};
