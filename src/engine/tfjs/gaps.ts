import type { KernelConfig, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { tf } from './tf.js';

/** The part of a backend that moves numbers in and out of its memory. */
interface Memory {
  readSync(dataId: object): tf.TypedArray;
  write(values: tf.TypedArray, shape: number[], dtype: tf.DataType): object;
  disposeData(dataId: object, force?: boolean): boolean;
}

type MaybeMany<T> = T | readonly T[];

const mapped = <A, B>(value: MaybeMany<A>, apply: (each: A) => B): MaybeMany<B> =>
  Array.isArray(value) ? (value as A[]).map(apply) : apply(value as A);

/** Whether a backend's own kernel is right about these inputs. */
type Trusts = (inputs: NamedTensorInfoMap, memory: Memory) => boolean;

/** Kernels that are there and wrong, by backend. */
const DISTRUSTED: Readonly<Record<string, Readonly<Record<string, Trusts>>>> = {
  wasm: {
    // It looks for the maximum from zero upwards, and sends no gradient through a window that has no positive element.
    MaxPoolGrad: (inputs, memory) =>
      Object.entries(inputs)
        .filter(([name]) => name !== 'dy')
        .every(([, image]) => memory.readSync(image!.dataId).every((value) => value >= 0)),
  },
};

/**
 * Gives a backend the kernels it lacks, and those it gets wrong, from the one in plain JavaScript: their inputs are copied there and
 * their results back, which is slow for that kernel and leaves the others where they are.
 * @param onUse told the name of such a kernel whenever it runs
 */
export function fillGaps(backend: string, onUse: (kernel: string) => void): void {
  for (const config of tf.getKernelsForBackend('cpu')) {
    const { kernelName } = config;
    const own = tf.getKernel(kernelName, backend) as KernelConfig | undefined;
    const trusts = DISTRUSTED[backend]?.[kernelName];
    if (own !== undefined && trusts === undefined) continue;
    if (own !== undefined) tf.unregisterKernel(kernelName, backend);
    tf.registerKernel({
      kernelName,
      backendName: backend,
      kernelFunc: (given) => {
        const memory = given.backend as Memory;
        if (own !== undefined && trusts?.(given.inputs, memory) === true) return own.kernelFunc(given);
        onUse(kernelName);
        return borrow(config, given.inputs, given.attrs, memory);
      },
    });
  }
}

/** Runs a kernel of plain JavaScript on what is in another backend's memory. */
function borrow(
  { kernelFunc }: KernelConfig,
  inputs: NamedTensorInfoMap,
  attrs: Parameters<KernelConfig['kernelFunc']>[0]['attrs'],
  here: Memory,
): TensorInfo | TensorInfo[] {
  const there = tf.engine().findBackend('cpu') as unknown as Memory;
  const carry = ({ dataId, shape, dtype }: TensorInfo, from: Memory, to: Memory): TensorInfo => ({
    ...{ dataId: to.write(from.readSync(dataId).slice(), shape, dtype), shape, dtype },
  });
  const lent: TensorInfo[] = [];
  const lend = (info: TensorInfo): TensorInfo => {
    const copy = carry(info, here, there);
    lent.push(copy);
    return copy;
  };
  // Some inputs are lists of tensors, whatever the type says, and optional ones may be undefined.
  const entries = Object.entries(inputs as Record<string, MaybeMany<TensorInfo> | undefined>);
  const given = entries.map(([name, info]) => [name, info === undefined ? info : mapped(info, lend)]);
  const made = kernelFunc({
    inputs: Object.fromEntries(given) as NamedTensorInfoMap,
    ...(attrs === undefined ? {} : { attrs }),
    backend: there,
  });
  const returned = mapped(made as MaybeMany<TensorInfo>, (info) => carry(info, there, here));
  for (const { dataId } of new Set([...lent, ...[made].flat()])) there.disposeData(dataId, true);
  return returned as TensorInfo | TensorInfo[];
}
