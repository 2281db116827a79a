import type { InputSpec } from '../../classifier/classifier.js';
import type { Proposal } from '../../plugin/attack.js';
import type { Threat, ThreatKind } from '../../plugin/threat.js';
import type { LabelledBatch } from '../../tensor/batch.js';
import { exampleSize } from '../../tensor/batch.js';
import { GauntletError } from '../../errors.js';

/** Candidates the judge can run: repaired into the threat's set, with the distance that was measured afterwards. */
export interface Materialised {
  /** Laid out like the clean batch. Rows that are not usable hold the clean example. */
  readonly data: Float32Array;
  /** False where the proposal was not finite. */
  readonly usable: readonly boolean[];
  /** Float64 distance to the clean example (norm of the threat; Linf for box, transform and patch). */
  readonly distances: Float64Array;
  /** What the harness applied, `witnessColumns` values per row, for threats whose set is not a ball or box. */
  readonly applied?: Float64Array;
}

export type ThreatOf<K extends ThreatKind> = Extract<Threat, { kind: K }>;

/** Turns a proposal into legal candidates for one kind of threat. Never trusts the proposal. */
export type Materialise<K extends ThreatKind> = (
  proposal: Proposal,
  clean: LabelledBatch,
  threat: ThreatOf<K>,
  input: InputSpec,
) => Materialised;

/** The proposal's example data. @throws GauntletError PLUGIN_FAILED for another kind of proposal or a wrong length. */
export function proposedExamples(proposal: Proposal, clean: LabelledBatch): Float32Array {
  if (proposal.kind !== 'examples') {
    throw new GauntletError(
      'PLUGIN_FAILED',
      `The attack proposed a ${proposal.kind} where examples were asked for.`,
    );
  }
  return checkLength(proposal.data, clean.keys.length * exampleSize(clean), 'values');
}

/** Passes `data` on. @throws GauntletError PLUGIN_FAILED unless it has `length` elements. */
export function checkLength<T extends { readonly length: number }>(data: T, length: number, what: string): T {
  if (data.length !== length) {
    throw new GauntletError(
      'PLUGIN_FAILED',
      `The attack returned ${data.length} ${what}, ${length} were expected.`,
    );
  }
  return data;
}
