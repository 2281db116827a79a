import { GauntletError } from '../../errors.js';
import { isText, shown, type JsonObject } from './json.js';

/**
 * Settings of a layer. Files have their names in Python's spelling (kernel_size); some have TensorFlow.js's own (kernelSize), which
 * it reads as well. A setting that is null or missing has the given default.
 */
export class Config {
  /** @param where the layer and its file, for messages */
  constructor(
    private readonly fields: JsonObject,
    readonly where: string,
  ) {}

  /** The setting as the file has it; undefined where it is null or missing. */
  field(name: string): unknown {
    const camel = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    return this.fields[name] ?? this.fields[camel] ?? undefined;
  }

  number(name: string, otherwise?: number): number {
    const value = this.field(name) ?? otherwise;
    return typeof value === 'number' ? value : this.refuse(name, 'a number');
  }

  /** A whole number of at least `least`. */
  count(name: string, least = 1): number {
    const value = this.field(name);
    return Number.isSafeInteger(value) && (value as number) >= least
      ? (value as number)
      : this.refuse(name, `a whole number of at least ${least}`);
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.field(name) ?? otherwise;
    return typeof value === 'boolean' ? value : this.refuse(name, 'true or false');
  }

  /** One of these words, whatever their spelling. */
  choice<T extends string>(name: string, words: readonly T[], otherwise: T): T {
    const value = this.field(name) ?? otherwise;
    const found = isText(value) ? words.find((word) => sameWord(word, value)) : undefined;
    return found ?? this.refuse(name, `one of ${words.join(', ')}`);
  }

  /** One positive whole number per axis; a single one is for all axes. */
  sizes(name: string, rank: number, otherwise?: readonly number[]): readonly number[] {
    const value = this.field(name) ?? otherwise;
    const list: readonly unknown[] = Array.isArray(value) ? value : new Array<unknown>(rank).fill(value);
    const fits =
      list.length === rank && list.every((size) => Number.isSafeInteger(size) && (size as number) > 0);
    return fits ? (list as readonly number[]) : this.refuse(name, `${rank} positive whole number(s)`);
  }

  /** Amounts before and after, per axis: one for all, one per axis, or a pair per axis; not negative. */
  margins(
    name: string,
    rank: number,
    otherwise: number,
  ): readonly (readonly [before: number, after: number])[] {
    const value = this.field(name) ?? otherwise;
    const list: readonly unknown[] = Array.isArray(value) ? value : new Array<unknown>(rank).fill(value);
    const pairs = list.map((item): readonly unknown[] => (Array.isArray(item) ? item : [item, item]));
    const isMargin = (amount: unknown): boolean => Number.isSafeInteger(amount) && (amount as number) >= 0;
    return pairs.length === rank && pairs.every((pair) => pair.length === 2 && pair.every(isMargin))
      ? (pairs as unknown as readonly [number, number][])
      : this.refuse(name, `an amount, one per axis or a pair per axis`);
  }

  /** Whole numbers, a single one taken as a list; undefined where the setting is missing. */
  integers(name: string): readonly number[] | undefined {
    const value = this.field(name);
    if (value === undefined) return undefined;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.every((item) => Number.isSafeInteger(item))
      ? (list as readonly number[])
      : this.refuse(name, 'whole numbers');
  }

  /** Refuses a setting that is well-formed and yet cannot be honoured. */
  unsupported(name: string, supported: string): never {
    throw new GauntletError(
      'LAYER_UNSUPPORTED',
      `${this.where}: ${name} is ${shown(this.field(name))}; supported is ${supported}`,
    );
  }

  private refuse(name: string, expected: string): never {
    throw new GauntletError(
      'MODEL_INVALID',
      `${this.where}: ${name} must be ${expected}, received ${shown(this.field(name))}`,
    );
  }
}

/** Words that differ in capitals and underscores alone: channels_last, channelsLast. */
export const sameWord = (a: string, b: string): boolean => plainWord(a) === plainWord(b);

/** A word without capitals and underscores. */
export const plainWord = (word: string): string => word.replaceAll('_', '').toLowerCase();
