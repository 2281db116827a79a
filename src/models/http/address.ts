import { GauntletError } from '../../errors.js';
import type { Protocol } from './protocol.js';

/** Where a model is served, and how. */
export interface Address {
  readonly protocol: Protocol['id'];
  /** Name of the model. */
  readonly name: string;
  /** URL of the model without a slash or a method at its end: requests append to it. */
  readonly url: string;
}

/** Whether a model's name is the URL of one behind HTTP. */
export const isEndpoint = (text: string): boolean => /^https?:\/\//i.test(text);

/** What the path of a model looks like in each protocol; a gateway may put a prefix before it. */
const PATHS: readonly (readonly [Protocol['id'], RegExp])[] = [
  ['kserve-v2', /^(.*\/v2\/models\/([^/:]+)(?:\/versions\/[^/:]+)?)(?:\/infer)?\/?$/],
  ['tf-serving', /^(.*\/v1\/models\/([^/:]+)(?:\/(?:versions|labels)\/[^/:]+)?)(?::predict)?\/?$/],
];

/**
 * Reads the URL of a served model.
 * @throws GauntletError USAGE for a URL of neither protocol, or with a password or query in it: those would end up in results.
 */
export function readAddress(text: string): Address {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined || !isEndpoint(text)) {
    throw new GauntletError('USAGE', `"${shownUrl(text)}" is not the URL of a model.`, { help: FORMS });
  }
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || parsed.hash !== '') {
    throw new GauntletError(
      'USAGE',
      `The URL of a model is written into results and must hold no name, password or query: ${parsed.origin}${parsed.pathname}.`,
      { help: 'Give credentials with --header, which are not kept.' },
    );
  }
  for (const [protocol, path] of PATHS) {
    const [, model, name] = path.exec(parsed.pathname) ?? [];
    if (model === undefined || name === undefined) continue;
    return { protocol, name: decoded(name), url: `${parsed.origin}${model}` };
  }
  throw new GauntletError('USAGE', `${parsed.origin}${parsed.pathname} is not the URL of a model.`, {
    help: FORMS,
  });
}

const FORMS =
  'Give http://HOST/v2/models/NAME (KServe v2, as Triton, KServe and others speak it) or http://HOST/v1/models/NAME (TensorFlow Serving).';

/** A URL without what may be a secret. */
export const shownUrl = (text: string): string => text.split(/[?#]/)[0]!.replace(/\/\/[^/@]*@/, '//');

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
