/** Milliseconds on the clock that all processes of a machine share. */
export const sharedMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** In the place of a status where no answer came, or none that says whether it was done. */
export const NO_ANSWER = 0;

interface Asked {
  readonly client: string;
  readonly sentMs: number;
  readonly gotMs: number;
  readonly status: number;
}

/** A request of a client of the race, with what it was answered. */
export type Step =
  | (Asked & {
      readonly kind: 'lock';
      readonly entity: string;
      readonly breaks: boolean;
      readonly seconds: number;
      /** The number in the id of the lock; 0 where none was given. */
      readonly lock: number;
    })
  | (Asked & { readonly kind: 'extend'; readonly lock: number; readonly seconds: number })
  | (Asked & { readonly kind: 'release'; readonly lock: number })
  | (Asked & { readonly kind: 'write'; readonly value: number });

/** A value that the node took, and when. */
export interface Taken {
  readonly value: number;
  readonly atMs: number;
}
