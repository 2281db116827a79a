import { GauntletError } from '../../errors.js';
import { checkedAnswer } from '../defined/answer.js';
import { described, type HttpClient, type Received } from './client.js';
import { MalformedAnswer } from './malformed.js';
import type { Asked, Protocol, ServedMetadata } from './protocol.js';

/** What states of a server mean for a model, beside what it says itself. */
const MEANINGS: Readonly<Record<number, string>> = {
  401: 'Give credentials with --header "Authorization: Bearer ...".',
  403: 'Give credentials with --header "Authorization: Bearer ...".',
  404: 'Check the name of the model and its version in the URL.',
  413: 'Ask about fewer examples at once: --batch-size, or `endpoint.batchSize` in the card.',
};

/** Questions to one served model and its answers, checked. */
export class Conversation {
  private version: string | undefined;

  constructor(
    private readonly client: HttpClient,
    private readonly protocol: Protocol,
    private readonly url: string,
  ) {}

  /**
   * What the server says of the model; nothing where the protocol lets it say nothing.
   * @throws GauntletError MODEL_FAILED, MODEL_ANSWER; the signal's reason
   */
  async metadata(signal: AbortSignal): Promise<ServedMetadata> {
    const { paths, metadataOptional } = this.protocol;
    const url = this.url + paths.metadata;
    const received = await this.client.ask(url, undefined, signal);
    if (metadataOptional && received.status === 404) return { inputs: [], outputs: [] };
    const metadata = this.read(url, received, (answer) => this.protocol.readMetadata(answer));
    this.version = metadata.version;
    return metadata;
  }

  /**
   * Scores of the examples asked about, `rows x width`, each finite.
   * @throws GauntletError MODEL_FAILED, MODEL_ANSWER; the signal's reason
   */
  async scores(asked: Asked, width: number, signal: AbortSignal): Promise<Float32Array> {
    const url = this.url + this.protocol.paths.predict;
    const received = await this.client.ask(url, JSON.stringify(this.protocol.question(asked)), signal);
    const { scores, rows, version } = this.read(url, received, (answer) =>
      this.protocol.readAnswer(answer, asked),
    );
    if (rows !== undefined && rows !== asked.rows) {
      throw this.malformed(url, `has ${rows} rows, ${asked.rows} examples were asked about`);
    }
    if (version !== undefined) {
      this.version ??= version;
      if (version !== this.version)
        throw this.malformed(
          url,
          `is of version ${version} of the model, those before were of ${this.version}`,
        );
    }
    const values = checkedAnswer(scores, { source: url, rows: asked.rows, width });
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw this.malformed(url, `holds a number at position ${at} that float32 has not`);
    return values;
  }

  private read<T>(url: string, received: Received, reader: (answer: unknown) => T): T {
    const { status, text } = received;
    if (status !== 200) {
      const help = MEANINGS[status];
      throw new GauntletError(
        'MODEL_FAILED',
        `${url}: the server answered ${described(received)}.`,
        help === undefined ? {} : { help },
      );
    }
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch {
      const number = /[[,:]\s*-?(NaN|Infinity)\b/.exec(text)?.[1];
      const what = number === undefined ? 'is no JSON' : `holds ${number}, which is no number of JSON`;
      throw this.malformed(url, `${what}: ${described(received)}`);
    }
    try {
      return reader(answer);
    } catch (error) {
      if (!(error instanceof MalformedAnswer)) throw error;
      throw this.malformed(url, `${error.message}: ${described(received)}`);
    }
  }

  private malformed(url: string, problem: string): GauntletError {
    return new GauntletError('MODEL_ANSWER', `${url}: the answer ${problem}.`);
  }
}
