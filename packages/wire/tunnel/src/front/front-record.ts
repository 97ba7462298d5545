import type { Clock, Timer } from '@medkit/edges';
import type { HubRecord } from '../handshake/hub-handshake.ts';
import { UplinkFailed } from '../handshake/uplink-end.ts';
import { HANDSHAKE_MS } from '../robot-end.ts';
import type { FromHub, FromStandby, FrontAnswer, FrontQuestion } from './front-messages.ts';

/** Handshakes between the welcome of a robot and its confirmation: those that a standby admits together. */
export const MAX_OPEN_HANDSHAKES = 1000;
/** Questions of a standby without an answer: two of each handshake. */
export const MAX_QUESTIONS = 2000;

interface AnswerOptions {
  readonly record: (connection: { readonly address: string }) => HubRecord;
  readonly clock: Clock;
  readonly answer: (message: FromHub) => void;
}

/** Returns a function of the hub that answers the questions of a standby about the handshakes of robots. */
export function answerQuestions({ record, clock, answer }: AnswerOptions) {
  /** The record of a connection between welcome and confirmation. */
  const open = new Map<number, { readonly record: HubRecord; readonly late: Timer }>();
  let openQuestions = 0;
  const close = (handshake: number): HubRecord | undefined => {
    const found = open.get(handshake);
    found?.late.cancel();
    open.delete(handshake);
    return found?.record;
  };
  const decide = async (message: FromStandby & { readonly type: 'ask' }): Promise<FrontAnswer> => {
    const { handshake, address, fingerprint, question } = message;
    const { welcome, enrol, confirm } = question;
    if (welcome) {
      if (open.size >= MAX_OPEN_HANDSHAKES || open.has(handshake)) return { failed: 'too many handshakes are open' };
      const decisions = record({ address });
      open.set(handshake, { record: decisions, late: clock.after(2 * HANDSHAKE_MS, () => close(handshake)) });
      const decided = await decisions.welcome(fingerprint, welcome);
      if (!('refused' in decided)) return { welcome: decided };
      close(handshake);
      return { refusal: decided };
    }
    if (enrol) {
      const decided = await record({ address }).enrol(fingerprint, enrol);
      return 'refused' in decided ? { refusal: decided } : { enrolled: decided };
    }
    if (confirm) {
      const stored = await close(handshake)?.confirm(fingerprint, confirm);
      if (!stored) return { failed: 'the handshake is not open' };
      return 'refused' in stored ? { refusal: stored } : { stored };
    }
    await record({ address }).outdated(fingerprint);
    return {};
  };
  return (message: FromStandby & { readonly type: 'ask' }): void => {
    const { call } = message;
    if (openQuestions >= MAX_QUESTIONS) {
      answer({ type: 'answer', call, answer: { failed: 'too many questions' } });
      return;
    }
    openQuestions += 1;
    decide(message)
      .catch((error: unknown): FrontAnswer => {
        close(message.handshake);
        return { failed: (error instanceof Error ? error.message : String(error)).slice(0, 1000) };
      })
      .then((decided) => {
        openQuestions -= 1;
        answer({ type: 'answer', call, answer: decided });
      });
  };
}

interface Asking {
  readonly send: (message: FromStandby) => void;
}

/** The questions of a standby to the record of the hub that serves. */
export interface FrontRecord {
  record(connection: { readonly address: string }): HubRecord;
  /** Receives an answer. An unknown one is of a question that was given up. */
  answered(message: FromHub & { readonly type: 'answer' }): void;
  /** Lets all questions fail: the link has ended. */
  close(reason: string): void;
}

export function frontRecord({ send }: Asking): FrontRecord {
  const waiting = new Map<number, PromiseWithResolvers<FrontAnswer>>();
  let [calls, handshakes] = [0, 0];
  let ended: string | undefined;
  const lost = (reason: string): UplinkFailed => new UplinkFailed({ kind: 'lost', reason });
  return {
    record: ({ address }) => {
      const handshake = handshakes++;
      const ask = async (fingerprint: string, question: FrontQuestion): Promise<FrontAnswer> => {
        if (ended !== undefined) throw lost(ended);
        const call = calls++;
        const reply = Promise.withResolvers<FrontAnswer>();
        waiting.set(call, reply);
        send({ type: 'ask', call, handshake, address, fingerprint, question });
        const answer = await reply.promise;
        if (answer.failed !== undefined) throw new Error(`the hub that serves answered: ${answer.failed}`);
        return answer;
      };
      const expected = <T>(value: T | undefined): T => {
        if (value === undefined) throw new Error('the hub that serves gave another answer than expected');
        return value;
      };
      return {
        welcome: async (fingerprint, hello) => {
          const { refusal, welcome } = await ask(fingerprint, { welcome: hello });
          return refusal ?? expected(welcome);
        },
        enrol: async (fingerprint, request) => {
          const { refusal, enrolled } = await ask(fingerprint, { enrol: request });
          return refusal ?? expected(enrolled);
        },
        outdated: async (fingerprint) => void (await ask(fingerprint, { outdated: true })),
        confirm: async (fingerprint, confirmation) => {
          const { refusal, stored } = await ask(fingerprint, { confirm: confirmation });
          return refusal ?? expected(stored);
        },
      };
    },
    answered: ({ call, answer }) => {
      waiting.get(call)?.resolve(answer);
      waiting.delete(call);
    },
    close: (reason) => {
      ended = reason;
      for (const { reject } of waiting.values()) reject(lost(reason));
      waiting.clear();
    },
  };
}
