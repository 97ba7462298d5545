import { errorMessage } from './error-message.ts';

/** Loads something once, however many callers wait for it. After a failure, the next call tries again. */
export interface Loading {
  /** Resolves when it is loaded; rejects if loading fails. */
  loaded(): Promise<void>;
  /** Why the last attempt failed. `undefined` after a success or before the first attempt. */
  readonly failure: string | undefined;
  /** Resolves when no loading is in progress, whatever its result. */
  settled(): Promise<void>;
}

export function loading(load: () => Promise<void>): Loading {
  let underWay: Promise<void> | undefined;
  let failure: string | undefined;
  return {
    loaded: () => {
      underWay ??= load().then(
        () => {
          failure = undefined;
        },
        (error: unknown) => {
          underWay = undefined;
          failure = errorMessage(error);
          throw error;
        },
      );
      return underWay;
    },
    get failure() {
      return failure;
    },
    settled: async () => void (await Promise.allSettled([underWay])),
  };
}
