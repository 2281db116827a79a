/** A symbol or number as written, or a list; with its place in the text, both counted from 1. */
export type Expression = (
  | { readonly kind: 'atom'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
) & { readonly line: number; readonly column: number };

/** What is wrong with the text, and where. */
export type Fail = (at: { readonly line: number; readonly column: number }, message: string) => Error;

type List = Extract<Expression, { kind: 'list' }> & { readonly items: Expression[] };

/**
 * Reads a text of s-expressions; `;` starts a comment that ends with its line.
 * @param fail makes the error to throw for a parenthesis without its partner.
 */
export function readExpressions(text: string, fail: Fail): Expression[] {
  const top: Expression[] = [];
  const open: List[] = [];
  const tokens = /;[^\n]*|[()]|\n|[^\s();]+/g;
  let [line, lineStart] = [1, 0];
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const [token] = match;
    if (token.startsWith(';')) continue;
    if (token === '\n') {
      line++;
      lineStart = match.index + 1;
      continue;
    }
    const place = { line, column: match.index - lineStart + 1 };
    if (token === ')') {
      const closed = open.pop();
      if (closed === undefined) throw fail(place, 'found a ")" that closes nothing');
      (open.at(-1)?.items ?? top).push(closed);
    } else if (token === '(') open.push({ kind: 'list', items: [], ...place });
    else (open.at(-1)?.items ?? top).push({ kind: 'atom', text: token, ...place });
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) throw fail(unclosed, 'found a "(" that is never closed');
  return top;
}

/** An expression as text, cut to what fits into a message. */
export function showExpression(expression: Expression): string {
  const text = written(expression, 80);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}

function written(expression: Expression, room: number): string {
  if (expression.kind === 'atom') return expression.text;
  let text = '(';
  for (const item of expression.items) {
    if (text.length > room) break;
    text += `${text === '(' ? '' : ' '}${written(item, room - text.length)}`;
  }
  return `${text})`;
}
