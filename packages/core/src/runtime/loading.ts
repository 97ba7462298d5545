import { reasonOf } from './reason-of.ts';

/** Something that is loaded once, however many wait for it. A loading that failed is tried again by whoever asks next. */
export interface Loading {
  /** Resolves when it is loaded; rejects where it cannot be. */
  loaded(): Promise<void>;
  /** Why it could not be loaded; `undefined` where it could, or nobody has asked. */
  readonly failure: string | undefined;
  /** Resolves when nothing is being loaded, whatever came of it. */
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
          failure = reasonOf(error);
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
