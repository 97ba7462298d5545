/**
 * Skews the clock of this process for all its code, including the certificates and channels of the library, to simulate a PLC with
 * an unset clock. Call it before the library is loaded.
 */
export function skewClock(skewMs: number): void {
  if (skewMs === 0) return;
  const RealDate = Date;
  const now = (): number => RealDate.now() + skewMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, type) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, type === globalThis.Date ? target : type),
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}
