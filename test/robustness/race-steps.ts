/** Returns milliseconds of the clock that all processes of a machine share. */
export const sharedMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Used instead of a status if there was no answer, or none that says whether the request took effect. */
export const NO_ANSWER = 0;

interface RequestFields {
  readonly client: string;
  readonly sentMs: number;
  readonly gotMs: number;
  readonly status: number;
}

/** A request of a client of the race, with its answer. */
export type Step =
  | (RequestFields & {
      readonly kind: 'lock';
      readonly entity: string;
      readonly breaks: boolean;
      readonly seconds: number;
      /** The number in the id of the lock; 0 if none was granted. */
      readonly lock: number;
    })
  | (RequestFields & { readonly kind: 'extend'; readonly lock: number; readonly seconds: number })
  | (RequestFields & { readonly kind: 'release'; readonly lock: number })
  | (RequestFields & { readonly kind: 'write'; readonly value: number });

/** A value that the node was set to, and when. */
export interface Taken {
  readonly value: number;
  readonly atMs: number;
}
