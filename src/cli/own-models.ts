import type { OwnModelOptions } from '../api/live-models.js';
import { GauntletError } from '../errors.js';

/** Arguments about models that are no files, as `ownModelOptions` declares them. */
export interface OwnModelArguments {
  readonly 'query-budget'?: number | undefined;
  readonly 'rate-limit'?: number | undefined;
  readonly 'model-timeout'?: number | undefined;
  readonly retries?: number | undefined;
  readonly header?: readonly string[] | undefined;
}

/** What the command line says of models that are no files. @throws GauntletError USAGE for a header that is none. */
export function ownModelsOf(args: OwnModelArguments): { readonly ownModels: OwnModelOptions } {
  const {
    'query-budget': queryBudget,
    'rate-limit': rateLimit,
    'model-timeout': timeout,
    retries,
    header,
  } = args;
  return {
    ownModels: {
      ...(queryBudget !== undefined && { queryBudget }),
      ...(rateLimit !== undefined && { rateLimit }),
      ...(timeout !== undefined && { timeout }),
      ...(retries !== undefined && { retries }),
      ...(header !== undefined && { headers: headersOf(header) }),
    },
  };
}

function headersOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text, i) => {
      const [, name, value] = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*([\x20-\x7e]+)$/.exec(text) ?? [];
      if (name !== undefined && value !== undefined) return [name, value];
      // What it holds may be a secret.
      throw new GauntletError(
        'USAGE',
        `--header takes "Name: value"; number ${i + 1} of those given is none.`,
      );
    }),
  );
}
