import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../src/data/dataset.js';
import { openDataset } from '../../src/data/registry.js';
import { readOnnx } from '../../src/graph/onnx/read.js';
import { readCard } from '../../src/models/card.js';
import { fixtures } from '../fixtures/external.js';
import { cardPath } from '../fixtures/third-party.js';
import { groundOf, type Ground } from './cells.js';

/** A model of the fixtures on two engine threads, with data of theirs by id or any other. */
export async function thirdPartyGround(
  id: string,
  data: string | Dataset,
  options: { readonly straightThrough?: boolean } = {},
): Promise<Ground> {
  const path = join(fixtures!, 'models', `${id}.onnx`);
  const dataset =
    typeof data === 'string'
      ? await openDataset({ source: data, split: 'test', dataDir: join(fixtures!, 'data') })
      : data;
  const card = await readCard(cardPath(id));
  return groundOf(readOnnx(readFileSync(path), path), { card, dataset, threads: 2, ...options });
}
