interface Policies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

const OWN_WORKER = /^\/(?:assets|src)\/[\w./-]+(?:\?[\w&=-]*)?$/;

function own(url: string): string {
  if (!OWN_WORKER.test(url)) throw new TypeError(`${url} is no worker of these pages`);
  return url;
}

const { trustedTypes } = globalThis as { readonly trustedTypes?: Policies };
const policy = trustedTypes?.createPolicy('medkit', { createScriptURL: own });

/** The address of a worker, as browsers with Trusted Types take it: only those that were built with these pages. */
export function workerAddress(url: string): string {
  return policy ? policy.createScriptURL(url) : own(url);
}
