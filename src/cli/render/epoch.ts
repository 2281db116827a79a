import type { EpochMetrics } from '../../train/state.js';
import { formatDuration } from '../progress.js';

/** One line about an epoch of training. */
export function epochLine(metrics: EpochMetrics, epochs: number, seconds: number): string {
  const { epoch, loss, train, validation, penaltyStrength } = metrics;
  const left = formatDuration((seconds / epoch) * (epochs - epoch));
  return [
    `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
    `loss ${loss.toFixed(4)}`,
    `train ${percent(train)}`,
    `validation ${percent(validation)}`,
    ...(penaltyStrength === null ? [] : [`penalty strength ${penaltyStrength.toPrecision(3)}`]),
    `${left} left`,
  ].join('  ');
}

const percent = ({ correct, n }: { readonly correct: number; readonly n: number }) =>
  `${((100 * correct) / n).toFixed(2)} %`;
