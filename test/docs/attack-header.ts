/** What the comment at the top of an attack's file says, paragraph by paragraph. */
export interface AttackHeader {
  /** What the attack is: the first paragraph. */
  readonly about: string;
  /** Papers, and what stands between them and the check. */
  readonly sources: readonly string[];
  /** What it was checked against or follows, and where it deviates from that. */
  readonly check: string;
  /** What follows the check. */
  readonly notes: readonly string[];
  /** What it does not do, or not well. */
  readonly limits: string;
}

const CHECK = /^(Checked against |Reference: |No reference implementation was run\.)/;
const DEVIATIONS = /\bDeviations[^:.]*: /;
const LIMITS = 'Limits: ';

/**
 * Reads the header of an attack's file.
 * @param file named in errors
 * @throws Error that says which part is missing, and how it begins
 */
export function attackHeader(source: string, file: string): AttackHeader {
  const comment = /^\/\*\*\n([\s\S]*?)\n \*\//.exec(source)?.[1];
  const fail = (what: string): never => {
    throw new Error(`${file}: its header ${what}`);
  };
  if (comment === undefined) return fail('is missing: the file begins with a /** comment */');
  const lines = comment.split('\n').map((line) => line.replace(/^ \* ?/, ''));
  const [about = '', ...rest] = lines.join('\n').split(/\n\n+/).map(unwrapped);
  const at = rest.findIndex((paragraph) => CHECK.test(paragraph));
  if (at < 0) return fail('has no paragraph that begins with "Checked against ..." or "Reference: ..."');
  const check = rest[at]!;
  const notes = rest.slice(at + 1).filter((paragraph) => !paragraph.startsWith(LIMITS));
  const limits = rest.find((paragraph) => paragraph.startsWith(LIMITS));
  if (limits === undefined) return fail(`has no paragraph that begins with "${LIMITS}..."`);
  // A long list of deviations may have a paragraph of its own.
  if (![check, ...notes].some((paragraph) => DEVIATIONS.test(paragraph))) {
    return fail(
      'does not say "Deviations: ..." from the reference ("Deviations: none." where there are none)',
    );
  }
  return { about, sources: rest.slice(0, at), check, notes, limits: sentence(limits.slice(LIMITS.length)) };
}

const unwrapped = (paragraph: string): string => paragraph.replaceAll('\n', ' ').trim();

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
