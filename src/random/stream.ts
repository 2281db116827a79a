/** A deterministic source of randomness for one purpose; see keyed.ts for how streams are keyed. */
export interface RandomStream {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  /** Fills `out` with uniforms in [lower, upper), rounded to its type (float32 may reach `upper`), and returns it. */
  fillUniform<T extends Float32Array | Float64Array>(out: T, lower?: number, upper?: number): T;
  /** Fills `out` with standard normals and returns it. */
  fillNormal<T extends Float32Array | Float64Array>(out: T): T;
}
