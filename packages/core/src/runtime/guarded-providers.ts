import type { Awaitable, CallContext } from '../providers/call-context.ts';
import type { DataWatch } from '../providers/data-provider.ts';
import type { ForwardRequest } from '../providers/forward-provider.ts';
import type { Providers } from './runtime.ts';

/** Calls a provider within a span of the trace of the call. */
export type ProviderSpans = <T>(
  method: string,
  nativeId: string,
  call: CallContext,
  work: (call: CallContext) => Awaitable<T>,
) => Awaitable<T>;

/** Wraps every call to a provider; `provider` is its name in `Providers`. */
export interface Gate {
  call<T>(
    provider: keyof Providers,
    nativeId: string,
    call: CallContext,
    work: (call: CallContext) => Awaitable<T>,
  ): Awaitable<T>;
  /** Like `call`, for a call that changes something: without an answer, its outcome is unknown. */
  change<T>(
    provider: keyof Providers,
    nativeId: string,
    call: CallContext,
    work: (call: CallContext) => Awaitable<T>,
  ): Awaitable<T>;
  /** Like `call`, for a watch that stays open until it is closed. */
  watch(
    provider: keyof Providers,
    nativeId: string,
    call: CallContext,
    work: (call: CallContext) => Awaitable<DataWatch>,
  ): Promise<DataWatch>;
  /** Records a call that is not a watch as a span. Absent if traces are disabled. */
  readonly span?: ProviderSpans | undefined;
}

/** How a call passes the gate. */
type Way = Exclude<keyof Gate, 'span'>;

/**
 * Every method of every provider, with its way through the gate. A missing or unknown method does not compile. Other
 * members of a provider are not exposed. Methods inherited from a class are found as well.
 */
const METHODS: { readonly [Name in keyof Providers]-?: Readonly<Record<keyof Required<Providers>[Name], Way>> } = {
  configurations: { list: 'call', read: 'call', write: 'change', reset: 'change', resetAll: 'change' },
  data: {
    list: 'call',
    read: 'call',
    write: 'change',
    watch: 'watch',
    arrivals: 'watch',
    holders: 'call',
    recent: 'call',
    picture: 'call',
    isIncomplete: 'call',
  },
  faults: {
    list: 'call',
    get: 'call',
    occurrences: 'call',
    report: 'call',
    clear: 'change',
    recordings: 'call',
    recording: 'call',
    recent: 'call',
    eventsAfter: 'call',
    eventsOf: 'call',
  },
  forwarding: { send: 'change', kept: 'call' },
  lifecycle: { status: 'call', change: 'change' },
  logs: { list: 'call', oldestNs: 'call', add: 'call' },
  observing: { follow: 'watch', faultsAfter: 'call' },
  operations: {
    list: 'call',
    appears: 'call',
    invoke: 'change',
    executions: 'call',
    recent: 'call',
    execution: 'call',
    control: 'change',
  },
  scripts: {
    list: 'call',
    get: 'call',
    upload: 'change',
    remove: 'change',
    start: 'change',
    executions: 'call',
    recent: 'call',
    execution: 'call',
    control: 'change',
    removeExecution: 'change',
  },
};

/** Signature of every provider method: the entity first, the call context last. */
type Method<Answer = unknown> = (nativeId: string, ...rest: readonly unknown[]) => Awaitable<Answer>;

/** Returns `providers` with every call going through `gate`. */
export function guardedProviders(providers: Providers, gate: Gate): Providers {
  const names = Object.keys(METHODS) as (keyof Providers)[];
  const guarded = names.flatMap((name) =>
    providers[name] ? [[name, guardedProvider(name, providers[name], gate)]] : [],
  );
  return Object.fromEntries(guarded);
}

function guardedProvider(name: keyof Providers, provider: object, gate: Gate): unknown {
  const methods = Object.entries<Way>(METHODS[name]).flatMap(([method, way]) => {
    if (typeof (provider as Record<string, unknown>)[method] !== 'function') return [];
    // `Providers` prescribes this shape for every method; methods that are watches return a `DataWatch`.
    const guarded: Method = (nativeId, ...rest) => {
      const call = rest.at(-1) as CallContext;
      const work = (limitedCall: CallContext) =>
        (provider as Record<string, Method<DataWatch>>)[method](nativeId, ...rest.slice(0, -1), limitedCall);
      const passed = (traced: CallContext) => gate[isRead(name, rest[0]) ? 'call' : way](name, nativeId, traced, work);
      return gate.span && way !== 'watch' ? gate.span(`${name} ${method}`, nativeId, call, passed) : passed(call);
    };
    return [[method, guarded]];
  });
  return Object.fromEntries(methods);
}

/** Returns whether a call forwards a request that changes nothing. */
function isRead(name: keyof Providers, request: unknown): boolean {
  if (name !== 'forwarding') return false;
  const { method } = request as Pick<ForwardRequest, 'method'>;
  return method === 'GET' || method === 'HEAD';
}
