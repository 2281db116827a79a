import { createHash } from 'node:crypto';

/** SHA-256 in lower-case hex. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * JSON with object keys in code-point order and no white space, so that equal values have equal texts.
 * Properties that are undefined are left out, as in JSON.stringify.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** SHA-256 of a value's canonical JSON. */
export function fingerprintOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
