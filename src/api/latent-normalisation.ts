import type { InputSpec } from '../classifier/classifier.js';
import type { Dataset } from '../data/dataset.js';
import type { Normalisation } from '../metrics/latent/normalisation.js';
import type { ModelCard } from '../models/card.js';
import type { LatentReport } from '../results/schema/latent.js';
import { channelStatistics } from '../train/normalisation.js';

/** Coordinates for the DeepFool figure, and where they come from. */
export interface ChosenNormalisation extends Normalisation {
  readonly from: NonNullable<LatentReport['deepfool']>['normalisation']['from'];
}

/** What is known that could say how a network normalises its inputs. */
export interface NormalisationSources {
  /** In the model's own units. */
  readonly requested: Normalisation | undefined;
  readonly card: ModelCard | undefined;
  /** The training images; undefined where there are none. */
  readonly train: Dataset | undefined;
  readonly input: InputSpec;
}

/**
 * The normalisation that was asked for, else the card's preprocessing, else mean and standard deviation of each channel over the
 * training images (what networks with their normalisation inside are trained with, and the paper's choice), else none. In the
 * model's own units.
 */
export async function chooseNormalisation({
  requested,
  card,
  train,
  input,
}: NormalisationSources): Promise<ChosenNormalisation> {
  if (requested !== undefined) return { from: 'request', ...requested };
  const { preprocessing } = card ?? {};
  if (preprocessing?.std !== undefined || preprocessing?.mean !== undefined) {
    // The model sees (x scale - mean) / std.
    const { scale = 1, mean = 0, std = 1 } = preprocessing;
    const inUnits = (values: number | readonly number[]) => [values].flat().map((value) => value / scale);
    return { from: 'card', mean: inUnits(mean), std: inUnits(std) };
  }
  if (train === undefined || train.units === 'model') return { from: 'none', mean: [0], std: [1] };
  const [lower, upper] = input.bounds;
  const { mean, std } = await channelStatistics(
    train,
    Uint32Array.from({ length: train.length }, (_, i) => i),
  );
  return {
    from: 'train',
    mean: mean.map((value) => lower + value * (upper - lower)),
    std: std.map((value) => value * (upper - lower)),
  };
}
