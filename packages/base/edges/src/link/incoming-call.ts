import type { Call } from './message.ts';

/** Sends the outcome of a call over the link. */
export interface Settlement {
  answer(id: number, value: unknown, transfer?: readonly ArrayBuffer[]): void;
  fail(id: number, error: unknown): void;
}

/** A call from the other end, to be settled once, immediately or later. */
export class IncomingCall {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly #id: number;
  readonly #settlement: Settlement;
  /** Created on first use: most calls are never aborted. */
  #controller: AbortController | undefined;
  #isAborted = false;

  constructor({ id, name, args }: Call, settlement: Settlement) {
    this.name = name;
    this.args = args;
    this.#id = id;
    this.#settlement = settlement;
  }

  /** Aborted when the caller no longer waits for the answer. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#isAborted) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  abort(): void {
    this.#isAborted = true;
    this.#controller?.abort();
  }

  answer(value: unknown, transfer?: readonly ArrayBuffer[]): void {
    this.#settlement.answer(this.#id, value, transfer);
  }

  fail(error: unknown): void {
    this.#settlement.fail(this.#id, error);
  }
}

/** Handles one call from its arguments. */
export type CallHandler = (args: never, call: IncomingCall) => unknown;

/** A handler for each of `Calls`. */
export type Answers<Calls> = {
  readonly [Name in keyof Calls]: Calls[Name] extends (...args: infer Args) => infer Result
    ? (args: Args, call: IncomingCall) => Result | Promise<Result>
    : never;
};

/** Dispatches calls by name. A synchronous result is sent immediately. */
export function dispatchCalls(answers: Readonly<Record<string, CallHandler>>): (call: IncomingCall) => void {
  return (call) => {
    const answering = Object.hasOwn(answers, call.name) ? answers[call.name] : undefined;
    if (!answering) {
      call.fail(new Error(`unknown call ${call.name}`));
      return;
    }
    try {
      const value = answering(call.args as never, call);
      if (!isThenable(value)) call.answer(value);
      else
        Promise.resolve(value).then(
          (settled) => call.answer(settled),
          (error: unknown) => call.fail(error),
        );
    } catch (error) {
      call.fail(error);
    }
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
