/** `value` moved to the nearer end of [lower, upper] if it is outside. NaN stays NaN. */
export function clamp(value: number, lower: number, upper: number): number {
  // Comparisons, because this runs once per pixel and step, where Math.min and Math.max show.
  return value < lower ? lower : value > upper ? upper : value;
}
