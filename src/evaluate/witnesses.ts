import { readNpz, writeNpz } from '../data/npz.js';
import { GauntletError } from '../errors.js';
import { sha256 } from '../fingerprint.js';
import { sliceRow } from '../tensor/batch.js';
import { floatTensor, type Tensor } from '../tensor/tensor.js';
import type { CellSpec, CompletedCell } from './cell.js';
import type { ShardResult, Witness } from './job.js';

/** A cell's fooled inputs as a file, and what the cell says about it. */
export interface PackedWitnesses {
  readonly bytes: Uint8Array;
  readonly entry: NonNullable<CompletedCell['witnesses']>;
}

/** Name that a cell's files share, without extension. */
export function cellFileName(
  cell: Pick<CellSpec, 'entry'> & { readonly model: { readonly id: string } },
): string {
  return `${cell.model.id}--${cell.entry}`;
}

/**
 * Packs the fooled inputs of a cell into an .npz: `index`, `label`, `target` (-1 untargeted) and `stage` per example, `clean`
 * and `adversarial` as rows of the model's own input, `applied` for transforms and patches, and `straightThrough` (1) when
 * the gradients behind them were. Null when nothing was fooled.
 */
export function packWitnesses(spec: CellSpec, shards: readonly ShardResult[]): PackedWitnesses | null {
  const witnesses = shards.flatMap((shard) => shard.witnesses);
  const [first] = witnesses;
  if (first === undefined) return null;
  const integers = (pick: (witness: Witness) => number): Tensor => ({
    type: 'int32',
    dims: [witnesses.length],
    data: Int32Array.from(witnesses, pick),
  });
  const floats = (pick: (witness: Witness) => Float32Array): Tensor =>
    floatTensor(joined(witnesses.map(pick), Float32Array), [witnesses.length, first.clean.length]);
  const applied = first.applied && {
    type: 'float64' as const,
    dims: [witnesses.length, first.applied.length],
    data: joined(
      witnesses.map((witness) => witness.applied!),
      Float64Array,
    ),
  };
  const bytes = writeNpz({
    index: integers((witness) => witness.index),
    label: integers((witness) => witness.label),
    target: integers((witness) => witness.target),
    stage: integers((witness) => witness.stage),
    clean: floats((witness) => witness.clean),
    adversarial: floats((witness) => witness.adversarial),
    ...(applied === undefined ? {} : { applied }),
    ...(spec.model.gradient === undefined ? {} : { straightThrough: integers(() => 1) }),
  });
  return {
    bytes,
    entry: { file: `${cellFileName(spec)}.npz`, sha256: sha256(bytes), count: witnesses.length },
  };
}

/**
 * Reads a witness file back.
 * @throws GauntletError WITNESS_INVALID when the bytes are not the ones the cell recorded, DATA_INVALID for a damaged file.
 */
export function unpackWitnesses(bytes: Uint8Array, recorded: PackedWitnesses['entry']): Witness[] {
  const hash = sha256(bytes);
  if (hash !== recorded.sha256) {
    throw new GauntletError(
      'WITNESS_INVALID',
      `${recorded.file} has SHA-256 ${hash}, the cell says ${recorded.sha256}.`,
    );
  }
  const arrays = readNpz(bytes, recorded.file);
  const values = (name: string): ArrayLike<number> => {
    const tensor = arrays.get(name);
    if (tensor === undefined)
      throw new GauntletError('WITNESS_INVALID', `${recorded.file} has no array \`${name}\`.`);
    return tensor.data as ArrayLike<number>;
  };
  const [index, label, target, stage] = ['index', 'label', 'target', 'stage'].map(values) as [
    ArrayLike<number>,
    ArrayLike<number>,
    ArrayLike<number>,
    ArrayLike<number>,
  ];
  const [clean, adversarial] = [values('clean') as Float32Array, values('adversarial') as Float32Array];
  const applied = arrays.get('applied')?.data as Float64Array | undefined;
  const n = index.length;
  return Array.from({ length: n }, (_value, row) => ({
    index: index[row]!,
    label: label[row]!,
    target: target[row]!,
    stage: stage[row]!,
    clean: sliceRow(clean, row, clean.length / n),
    adversarial: sliceRow(adversarial, row, adversarial.length / n),
    ...(applied === undefined
      ? {}
      : { applied: applied.slice((row * applied.length) / n, ((row + 1) * applied.length) / n) }),
  }));
}

function joined<T extends Float32Array | Float64Array>(
  parts: readonly T[],
  kind: new (length: number) => T,
): T {
  const out = new kind(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
