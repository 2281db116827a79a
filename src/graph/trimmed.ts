/** Optional inputs that are absent at the end need not be written. */
export function trimmed(inputs: readonly string[]): string[] {
  const last = inputs.findLastIndex((name) => name !== '');
  return inputs.slice(0, last + 1);
}
