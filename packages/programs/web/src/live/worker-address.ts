import { gatewayAddress } from '../routes/base-path.ts';

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

const WORKER_PATH = /^\/(?:assets|src)\/[\w./-]+(?:\?[\w&=-]*)?$/;

function checkedUrl(url: string): string {
  const { href } = new URL(url, document.baseURI);
  const base = gatewayAddress();
  if (!href.startsWith(base) || !WORKER_PATH.test(href.slice(base.length)))
    throw new TypeError(`${url} is no worker of these pages`);
  return href;
}

const { trustedTypes } = globalThis as { readonly trustedTypes?: Policies };
const policy = trustedTypes?.createPolicy('medkit', { createScriptURL: checkedUrl });

/** Returns the URL of a worker for browsers with Trusted Types, which accept only workers built with this page. */
export function workerAddress(url: string): string {
  return policy ? policy.createScriptURL(url) : checkedUrl(url);
}
