import { GauntletError, messageOf } from '../../errors.js';
import { Pacer, pauseFor } from '../defined/allowance.js';
import type { HttpModel } from '../defined/definition.js';

/** Bytes of an answer that are read at most: those of a thousand classes for a thousand examples, several times over. */
const LONGEST_ANSWER = 64 * 2 ** 20;
/** Characters of an answer that are quoted. */
const EXCERPT = 120;
/** Seconds a server may ask to wait. */
const LONGEST_WAIT = 300;
/** States of a server that pass, beside all from 500 on. */
const PASSING = [408, 425, 429];

/** What was received. */
export interface Received {
  readonly status: number;
  readonly text: string;
}

/** A try that another one may better. */
class FailedTry extends Error {
  /** @param wait seconds the server asked for */
  constructor(
    message: string,
    readonly wait = 0,
  ) {
    super(message);
  }
}

/**
 * Asks a server. A request is tried again when it could not be sent or not be answered: broken connections, timeouts, 408, 425, 429 and
 * 5xx, after a pause that doubles each time, or as long as the server says. Questions change nothing on the server, so asking twice
 * is safe. After a request has failed for good the next ones are tried once, until one succeeds.
 */
export class HttpClient {
  private readonly pacer: Pacer;
  private readonly timeout: number;
  private readonly retries: number;
  private readonly pause: number;
  private readonly headers: Readonly<Record<string, string>>;
  private failing = false;

  constructor({ rateLimit, timeout = 30, retries = 3, pause = 0.5, headers = {} }: HttpModel) {
    this.pacer = new Pacer(rateLimit);
    this.timeout = timeout;
    this.retries = retries;
    this.pause = pause;
    this.headers = headers;
  }

  /**
   * What a server answers to GET, or to POST with a body; also answers of the kind 4xx.
   * @param body JSON text
   * @throws GauntletError MODEL_FAILED naming the URL and what was received last; the signal's reason when aborted
   */
  async ask(url: string, body: string | undefined, signal: AbortSignal): Promise<Received> {
    const tries = this.failing ? 1 : 1 + this.retries;
    for (let attempt = 1; ; attempt++) {
      try {
        const received = await this.once(url, body, signal);
        this.failing = false;
        return received;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof FailedTry)) throw error;
        if (attempt < tries && error.wait <= LONGEST_WAIT) {
          const wait = 1000 * Math.max(error.wait, this.pause * 2 ** (attempt - 1));
          if (error.wait > 0) this.pacer.hold(wait);
          await pauseFor(wait, signal);
          continue;
        }
        this.failing = true;
        const count = attempt === 1 ? '' : ` (${attempt} tries)`;
        throw new GauntletError('MODEL_FAILED', `${url}: ${error.message}${count}.`, { cause: error });
      }
    }
  }

  private async once(url: string, body: string | undefined, signal: AbortSignal): Promise<Received> {
    await this.pacer.turn(signal);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.timeout * 1000);
    try {
      const response = await fetch(url, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...this.headers,
        },
        ...(body !== undefined && { body }),
        // Following would turn a POST into a GET, or carry credentials elsewhere.
        redirect: 'manual',
        signal: AbortSignal.any([signal, late.signal]),
      });
      const { status } = response;
      const text = await textOf(response);
      if (status < 500 && !PASSING.includes(status)) return { status, text };
      throw new FailedTry(`the server answered ${described({ status, text })}`, waitOf(response));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof FailedTry || error instanceof GauntletError) throw error;
      if (late.signal.aborted) throw new FailedTry(`no answer within ${this.timeout} s`);
      throw new FailedTry(reasonOf(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The body of a response. @throws GauntletError MODEL_ANSWER when it does not end. */
async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const piece of response.body ?? []) {
    bytes += (piece as Uint8Array).length;
    if (bytes > LONGEST_ANSWER) {
      throw new GauntletError(
        'MODEL_ANSWER',
        `${response.url} answered with more than ${LONGEST_ANSWER} bytes.`,
      );
    }
    text += decoder.decode(piece as Uint8Array, { stream: true });
  }
  return text + decoder.decode();
}

/** Seconds to wait as the server asks for them: a number, or a date; 0 when it asks for none. */
function waitOf({ headers }: Response): number {
  const text = headers.get('retry-after') ?? '';
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}

/** An answer in a few words: its state and how it begins, on one line without control characters. */
export function described({ status, text }: Received): string {
  const begin = text
    .slice(0, 4 * EXCERPT)
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  const cut = begin.length > EXCERPT ? `${begin.slice(0, EXCERPT)}...` : begin;
  return `${status}${cut === '' ? ', with nothing in it' : `: ${cut}`}`;
}

/** fetch says little; its cause says what happened. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  const { code } = (cause ?? {}) as { code?: unknown };
  const reason = cause === undefined ? messageOf(error) : messageOf(cause);
  return `the server could not be reached: ${reason === '' && typeof code === 'string' ? code : reason}`;
}
