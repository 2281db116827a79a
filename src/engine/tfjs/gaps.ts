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

/**
 * Gives a backend the kernels it lacks from the one in plain JavaScript: their inputs are copied there and their results back, which
 * is slow for that kernel and leaves the others where they are.
 * @param onUse told the name of such a kernel whenever it runs
 */
export function fillGaps(backend: string, onUse: (kernel: string) => void): void {
  const known = new Set(tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName));
  for (const config of tf.getKernelsForBackend('cpu'))
    if (!known.has(config.kernelName)) tf.registerKernel(borrowed(config, backend, onUse));
}

function borrowed(
  { kernelName, kernelFunc }: KernelConfig,
  backendName: string,
  onUse: (kernel: string) => void,
): KernelConfig {
  return {
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      onUse(kernelName);
      const [here, there] = [backend as Memory, tf.engine().findBackend('cpu')];
      const lent: TensorInfo[] = [];
      const carry = (info: TensorInfo, from: Memory, to: Memory): TensorInfo => {
        const { shape, dtype } = info;
        return { dataId: to.write(from.readSync(info.dataId).slice(), shape, dtype), shape, dtype };
      };
      const lend = (info: TensorInfo): TensorInfo => {
        const copy = carry(info, here, there);
        lent.push(copy);
        return copy;
      };
      const given = Object.fromEntries(
        Object.entries(inputs).map(([name, info]) => [
          name,
          // Optional inputs are undefined.
          info && mapped(info as MaybeMany<TensorInfo>, lend),
        ]),
      ) as NamedTensorInfoMap;
      const made = kernelFunc({ inputs: given, attrs: attrs!, backend: there });
      const returned = mapped(made as MaybeMany<TensorInfo>, (info) => carry(info, there, here));
      for (const { dataId } of [...lent, made].flat()) there.disposeData(dataId, true);
      return returned as TensorInfo | TensorInfo[];
    },
  };
}
