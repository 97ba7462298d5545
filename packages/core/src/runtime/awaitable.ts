/** What is there at once or comes later. What is there at once needs no timer, no signal and no turn of the event loop. */
export type Awaitable<T> = T | Promise<T>;

/** Whether it comes later. */
export function isPromise<T>(answer: Awaitable<T>): answer is Promise<T> {
  return typeof (answer as Promise<T> | undefined | null)?.then === 'function';
}

/** What `make` makes of an answer, as soon as that is there; what either throws is thrown at once or rejects, as the answer came. */
export function andThen<T, U>(answer: Awaitable<T>, make: (value: T) => U): Awaitable<U> {
  return isPromise(answer) ? answer.then(make) : make(answer);
}
