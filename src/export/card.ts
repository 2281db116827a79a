import type { InputSpec } from '../classifier/classifier.js';
import type { ModelCard } from '../models/card.js';
import type { LoadedModel } from '../models/load.js';

/** Names that an exported model has for what a classifier is read from. */
export interface ExportedNames {
  readonly output: 'logits';
  readonly features?: 'features' | 'logits';
}

export const exportedNames = ({ logits, features }: LoadedModel): ExportedNames => ({
  output: 'logits',
  ...(features !== undefined && { features: features === logits ? 'logits' : 'features' }),
});

/**
 * The card of an exported model: what that of the original says of the data and the training, with the names and the input that the
 * export has. It has no preprocessing, which is inside the model.
 */
export function exportedCard(
  model: LoadedModel,
  input: InputSpec,
  original: ModelCard | undefined,
): ModelCard {
  const { title, gradient, data, training, licence, source } = original ?? {};
  return {
    schemaVersion: 1,
    id: model.id,
    ...(title !== undefined && { title }),
    input: { shape: [...input.shape], layout: input.layout, bounds: [...input.bounds] },
    ...exportedNames(model),
    numClasses: model.numClasses,
    ...(gradient !== undefined && { gradient }),
    ...(data !== undefined && { data }),
    ...(training !== undefined && { training }),
    ...(licence !== undefined && { licence }),
    ...(source !== undefined && { source }),
  };
}
