/**
 * Sets the clock of this process wrong for all that runs in it, the library with its certificates and channels among it: that is how
 * a PLC is whose clock nobody set. It has to be called before the library is loaded.
 */
export function skewClock(skewMs: number): void {
  if (skewMs === 0) return;
  const RealDate = Date;
  const now = (): number => RealDate.now() + skewMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, words, type) =>
      Reflect.construct(target, words.length === 0 ? [now()] : words, type === globalThis.Date ? target : type),
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}
