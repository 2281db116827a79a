import { fingerprintOf } from '../../../fingerprint.js';
import type { Profile } from '../../../plugin/corruption.js';
import type { ErrorSums } from '../error-sums.js';
import { alexnet } from './alexnet.js';

/** Errors that others published to normalise by. */
export interface PublishedBaseline {
  readonly id: string;
  readonly source: string;
  /** The set the errors were measured on; they normalise results on no other. */
  readonly profile: Profile;
  /** Severities the errors are means over. */
  readonly severities: readonly number[];
  readonly clean: number;
  /** Mean error over the severities by corruption. */
  readonly errors: Readonly<Record<string, number>>;
}

const PUBLISHED: readonly PublishedBaseline[] = [alexnet];

/** Ids of the published baselines. */
export const publishedIds: readonly string[] = PUBLISHED.map(({ id }) => id);

/** The published baseline of that id, if there is one. */
export function publishedBaseline(id: string): PublishedBaseline | undefined {
  return PUBLISHED.find((baseline) => baseline.id === id);
}

/** SHA-256 of everything a published baseline says. */
export function publishedHash(baseline: PublishedBaseline): string {
  return fingerprintOf(baseline);
}

/** A published baseline in the form the ratios take. */
export function publishedSums({ clean, errors, severities }: PublishedBaseline): ErrorSums {
  const count = severities.length;
  return {
    images: 1,
    clean,
    corruptions: new Map(
      Object.entries(errors).map(([id, mean]) => [id, { severities: count, errors: mean * count }]),
    ),
  };
}
