import { createHash } from 'node:crypto';
import type { Clock, Random } from '@medkit/edges';
import type { OutboxDatabase } from '@medkit/webhooks';

const TOKEN_OCTETS = 32;
const TOKEN = /^[\w-]{43}$/;
/**
 * Maximum tokens in memory, for messages that may be retried. A message beyond it gets a new link with its next
 * attempt.
 */
const MAX_TOKENS = 1000;

/** The incident and receiver that a link acknowledges. */
export interface AcknowledgeLink {
  readonly incident: string;
  readonly receiver: string;
  readonly robot: string;
  readonly title: string;
  readonly isUsed: boolean;
}

export interface AcknowledgeLinksOptions {
  readonly database: OutboxDatabase;
  readonly clock: Clock;
  readonly random: Random;
  /** Lifetime of a link. */
  readonly lifeMs: number;
}

/**
 * Links in messages that acknowledge an incident once. A token has 256 random bits. The disk holds only its digest, so
 * the token is created when the message is sent.
 */
export class AcknowledgeLinks {
  readonly #options: AcknowledgeLinksOptions;
  /** By message, oldest first. */
  readonly #tokens = new Map<string, string>();

  constructor(options: AcknowledgeLinksOptions) {
    this.#options = options;
  }

  /**
   * Returns the token of a message, the same for all its attempts. It is valid once it is on disk: rejects with a
   * `StoreError`.
   */
  async tokenOf(messageId: string, link: Omit<AcknowledgeLink, 'isUsed'>): Promise<string> {
    const existing = this.#tokens.get(messageId);
    if (existing !== undefined) return existing;
    const { database, clock, random, lifeMs } = this.#options;
    const token = Buffer.from(random.bytes(TOKEN_OCTETS)).toString('base64url');
    await (await database.store()).write([
      {
        sql: 'INSERT INTO notify_links (digest, incident, receiver, robot, title, expires_ms) VALUES (?, ?, ?, ?, ?, ?)',
        parameters: [
          digestOf(token),
          link.incident,
          link.receiver,
          link.robot,
          link.title,
          Math.round(clock.wallMs() + lifeMs),
        ],
      },
    ]);
    this.#tokens.set(messageId, token);
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size > MAX_TOKENS && oldest !== undefined) this.#tokens.delete(oldest);
    return token;
  }

  /** Returns what a token acknowledges; `undefined` if it does not exist or has expired. */
  async find(token: string): Promise<AcknowledgeLink | undefined> {
    const { database, clock } = this.#options;
    if (!TOKEN.test(token) || !(await database.exists())) return undefined;
    const sql = 'SELECT * FROM notify_links WHERE digest = ? AND expires_ms > ?';
    const [row] = await (await database.store()).read(sql, [digestOf(token), Math.round(clock.wallMs())]);
    return (
      row && {
        incident: String(row.incident),
        receiver: String(row.receiver),
        robot: String(row.robot),
        title: String(row.title),
        isUsed: row.used_ms !== null,
      }
    );
  }

  /** Uses a token. Returns false if it was already used or is invalid. */
  async use(token: string): Promise<boolean> {
    const nowMs = Math.round(this.#options.clock.wallMs());
    const sql = 'UPDATE notify_links SET used_ms = ? WHERE digest = ? AND used_ms IS NULL AND expires_ms > ?';
    return (await this.#change(sql, [nowMs, digestOf(token), nowMs])) > 0;
  }

  /** Makes a token valid again after the acknowledgement failed. */
  async giveBack(token: string): Promise<void> {
    await this.#change('UPDATE notify_links SET used_ms = NULL WHERE digest = ?', [digestOf(token)]);
  }

  async #change(sql: string, parameters: readonly (string | number)[]): Promise<number> {
    const { results } = await (await this.#options.database.store()).write([{ sql, parameters }]);
    return results[0]?.changes ?? 0;
  }
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
