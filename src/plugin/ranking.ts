/** The classes other than the label, the one with the largest logit first, the lowest index first among equals. */
export function wrongClassesByScore(logits: Float32Array, label: number): number[] {
  const wrong = [...logits.keys()].filter((k) => k !== label);
  return wrong.sort((a, b) => logits[b]! - logits[a]! || a - b);
}
