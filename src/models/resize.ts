import type { Resize } from '../data/image/resize.js';
import { GauntletError } from '../errors.js';
import type { ModelReference } from '../evaluate/cell.js';
import { readCard } from './card.js';

/**
 * How the cards of models that are to see the same examples want pictures resized; nothing when none says so.
 * @throws GauntletError SUITE_MISMATCH when two of them differ, CARD_INVALID.
 */
export async function resizeOf(
  models: readonly Pick<ModelReference, 'id' | 'card'>[],
): Promise<{ readonly resize?: Resize }> {
  let first: { id: string; resize: Resize } | undefined;
  for (const { id, card } of models) {
    const said = card === undefined ? undefined : (await readCard(card)).data?.resize;
    if (said === undefined) continue;
    const { size, filter, crop } = said;
    const resize: Resize = {
      size: typeof size === 'number' ? size : [size[0]!, size[1]!],
      filter,
      ...(crop !== undefined && { crop }),
    };
    first ??= { id, resize };
    if (describe(resize) === describe(first.resize)) continue;
    throw new GauntletError(
      'SUITE_MISMATCH',
      `${first.id} takes pictures resized to ${describe(first.resize)}, ${id} to ${describe(resize)}.`,
      { help: 'Run them one by one: a table compares models on the same examples.' },
    );
  }
  return first === undefined ? {} : { resize: first.resize };
}

const describe = ({ size, filter, crop }: Resize): string =>
  `${typeof size === 'number' ? `${size} for the shorter side` : size.join(' x ')} (${filter}${crop === undefined ? '' : `, cropped to ${crop}`})`;
