import { gatewayAddress } from '../routes/base-path.ts';

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

const OWN_WORKER = /^\/(?:assets|src)\/[\w./-]+(?:\?[\w&=-]*)?$/;

function own(url: string): string {
  const { href } = new URL(url, document.baseURI);
  const base = gatewayAddress();
  if (!href.startsWith(base) || !OWN_WORKER.test(href.slice(base.length)))
    throw new TypeError(`${url} is no worker of these pages`);
  return href;
}

const { trustedTypes } = globalThis as { readonly trustedTypes?: Policies };
const policy = trustedTypes?.createPolicy('medkit', { createScriptURL: own });

/** The address of a worker, as browsers with Trusted Types take it: only those that were built with these pages. */
export function workerAddress(url: string): string {
  return policy ? policy.createScriptURL(url) : own(url);
}
